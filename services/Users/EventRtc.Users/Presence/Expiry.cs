using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>Takes members out whose gateway has not renewed them: it was killed, or the network is gone. Several replicas may do so at once.</summary>
public sealed class Expiry(RoomMembers members, PresenceCalls presence, PresenceOptions options, TimeProvider clock, ILogger<Expiry> log)
{
    private const string Reason = "inactive";

    public async Task Run(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var (room, user) in await members.NotRenewedFor(options.ExpireAfter, ct))
                await Expire(new LeaveRoom(room, user, 0, Reason), ct);
    }

    private async Task Expire(LeaveRoom silent, CancellationToken ct)
    {
        try
        {
            await presence.Leave(silent, Guid.NewGuid(), ct);
        }
        catch (RpcException refused) when (Refusals.Of(refused) is not null)
        {
            log.LogInformation("User {User} is out of room {Room}, which takes no report of it: {Reason}", silent.User, silent.Room, refused.Reason);
        }
    }
}
