using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Hosting;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>
/// What one process of several does for all: takes members out whose gateway has not renewed them (it was killed, or the network is gone), and settles what a crash
/// left half done. Doing it twice at once would be harmless, only useless: each change is bound to what was seen.
/// </summary>
public sealed class Controller(Leadership leadership, RoomMembers members, Settling settling, PresenceOptions options, TimeProvider clock, ILogger<Controller> log)
{
    /// <summary>A killed gateway silences thousands at once; more at a time would only wait in the rooms service.</summary>
    private const int AtOnce = 16;

    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(1);

    private static readonly Meter Meter = new("EventRtc.Users");
    private static readonly Counter<long> Expired = Meter.CreateCounter<long>("eventrtc.presence.expired", description: "Members taken out because nothing was heard of them");

    /// <summary>Waits to lead, then leads until cancelled.</summary>
    /// <exception cref="EtcdException">etcd is away, or the lead was lost: run it again.</exception>
    public Task Run(CancellationToken ct) => leadership.Run((_, leading) => Lead(leading), ct);

    /// <summary>Two loops, so that nobody who is gone is shown while the log cannot be told. What one sweep has found and is not yet begun, the next one finds again.</summary>
    private Task Lead(CancellationToken ct)
    {
        var found = Channel.CreateBounded<IReadOnlyList<Overdue>>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        return Together.Run(ct, sweeping => Sweep(found.Writer, sweeping), settling => Settle(found.Reader, settling));
    }

    private async Task Sweep(ChannelWriter<IReadOnlyList<Overdue>> found, CancellationToken ct)
    {
        Expired.Add(0); // shown from the beginning, so that the first one is seen as a change
        using var timer = new PeriodicTimer(options.SweepEvery, clock);
        do
        {
            var overdue = await members.FindOverdue(options.ExpireAfter, ct);
            foreach (var user in overdue)
                if (user.Silent is { } seen && await members.Drop(user.Room, user.User, seen, eviction: null, ct))
                    Expired.Add(1);
            await found.WriteAsync(overdue, ct);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private async Task Settle(ChannelReader<IReadOnlyList<Overdue>> found, CancellationToken ct)
    {
        await foreach (var overdue in found.ReadAllAsync(ct))
        {
            try
            {
                await Parallel.ForEachAsync(Spread(overdue, ct), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (user, stop) => await LookAfter(user, stop));
            }
            catch (TimeoutException away)
            {
                log.LogWarning("Not all of {Count} users are settled, and are with the next sweep: {Reason}", overdue.Count, away.Message);
            }
        }
    }

    /// <summary>Over the time until the next sweep: users who joined together would be a burst of requests to the rooms service else.</summary>
    private async IAsyncEnumerable<Overdue> Spread(IReadOnlyList<Overdue> users, [EnumeratorCancellation] CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        for (var i = 0; i < users.Count; i++)
        {
            var early = (options.SweepEvery * i / users.Count) - clock.GetElapsedTime(started);
            if (early >= TimerTick)
                await Task.Delay(early, clock, ct);
            yield return users[i];
        }
    }

    private async Task LookAfter(Overdue user, CancellationToken ct)
    {
        if (await Settled(user, ct) && user.Unsettled is { } mark)
            await members.Settled(user.Room, user.User, mark, ct);
    }

    /// <returns>False when it has to be tried again.</returns>
    private async Task<bool> Settled(Overdue user, CancellationToken ct)
    {
        try
        {
            await settling.Settle(user.Room, user.User, LeaveReasons.Inactive, ct);
            return true;
        }
        catch (RpcException refused)
        {
            log.LogInformation("Room {Room} takes no report of user {User}: {Reason}", user.Room, user.User, refused.Message);
            return Refusals.Of(refused) is { Retryable: false };
        }
    }
}
