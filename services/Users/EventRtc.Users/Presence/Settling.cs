using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>
/// Brings what a room's log says of a user and what presence says into line: the log follows presence, and presence takes out whom the log does not let in.
/// Level-triggered: it looks at what is, and looks again when it has told. Safe at any time, by anybody, as often as one likes.
/// </summary>
public sealed class Settling(RoomMembers members, RoomsClient rooms, TimeProvider clock)
{
    /// <param name="reason">One word for the history, in case that somebody is recorded as having left.</param>
    /// <exception cref="RpcException">Refused; presence is as it should be, also when the room is gone.</exception>
    /// <exception cref="TimeoutException">The rooms service does not answer.</exception>
    public async Task Settle(RoomId room, UserId user, string reason, CancellationToken ct)
    {
        var member = await members.Find(room, user, ct);
        while (true)
        {
            var agreed = member is null ? await TellLeft(room, user, reason, ct) : await TellJoined(room, user, member, ct);
            var before = member;
            member = await members.Find(room, user, ct);
            if (agreed && (member is null) == (before is null))
                return;
        }
    }

    private async Task<bool> TellLeft(RoomId room, UserId user, string reason, CancellationToken ct)
    {
        await rooms.Send(new RoomCommand.ReportAnchorLeft(room, user, reason, clock.GetUtcNow()), ct);
        await members.Void(room, user, ct);
        return true;
    }

    private async Task<bool> TellJoined(RoomId room, UserId user, string member, CancellationToken ct)
    {
        try
        {
            await rooms.Send(new RoomCommand.ReportAnchorJoined(room, user, clock.GetUtcNow()), ct);
            return true;
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { Retryable: false } why)
        {
            var removed = why.Code == RoomRejections.NotAdmitted.Code;
            await members.Drop(room, user, member, removed ? new Eviction(user, Eviction.Removed) : null, ct);
            return false;
        }
    }
}
