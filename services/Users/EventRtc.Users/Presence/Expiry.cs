using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>Takes members out whose gateway has not renewed them: it was killed, or the network is gone. Several replicas may do so at once.</summary>
public sealed class Expiry(RoomMembers members, PresenceCalls presence, PresenceOptions options, TimeProvider clock, ILogger<Expiry> log)
{
    public async Task Run(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var (room, user) in await members.NotRenewedSince(clock.GetUtcNow() - options.ExpireAfter, ct))
                await Expire(room, user, ct);
    }

    private async Task Expire(Domain.RoomId room, Domain.UserId user, CancellationToken ct)
    {
        try
        {
            await presence.Leave(room, user, "expired", ct);
        }
        catch (RpcException refused)
        {
            log.LogInformation("User {User} is out of room {Room}, which is no more: {Reason}", user, room, refused.Reason);
        }
    }
}
