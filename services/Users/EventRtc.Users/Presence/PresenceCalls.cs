using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>
/// What gateways tell about their connections. Joined and left become events of the room; keepalives do not. Presence changes first and the log follows, so that the
/// order of connections is decided in one place; a join alone is shown only when the log has let it in.
/// </summary>
/// <remarks>
/// Commands that follow from presence carry no id of the call's: a call delivered again has to look again, where its old command would be answered as before.
/// </remarks>
public sealed class PresenceCalls(RoomMembers members, Settling settling, RoomsClient rooms, TimeProvider clock)
{
    private const string OnAir = "onair";
    private const string Idle = "idle";
    private const int LongestName = 64;

    private static readonly Rejection UnknownStatus = new(RejectionKind.Invalid, "invalid_status", $"A status is {OnAir} or {Idle}.");

    public void Serve(RpcMethods methods)
    {
        methods.On<JoinRoom, RoomStatus>(JoinRoom.Method, (join, _, ct) => Join(join, Idle, ct));
        methods.On<ReportStatus>(ReportStatus.Method, (report, _, ct) => Report(report, ct));
        methods.On<LeaveRoom>(LeaveRoom.Method, (leave, _, ct) => Leave(leave, ct));
        methods.On<CountMembers, MemberCount>(CountMembers.Method, async (_, _, ct) => new MemberCount(await members.Count(ct)));
        methods.On<RemoveMember>(RemoveMember.Method, (remove, caller, ct) => Remove(remove, caller.RequestId, ct, caller.Actor, caller.Correlation));
    }

    /// <param name="command">Names the command: repeated under this id it removes nobody who was admitted again since.</param>
    /// <param name="actor">Who wants it, for the history; null for this service itself.</param>
    /// <param name="correlation">The errand that it belongs to, for logs and the history.</param>
    /// <exception cref="RpcException">There is no such room (any more), or its host is another.</exception>
    public async Task Remove(RemoveMember who, Guid command, CancellationToken ct, string? actor = null, string? correlation = null)
    {
        await members.Unsettle(who.Room, who.User, ct);
        await rooms.Send(new RoomCommand.ReportAnchorLeft(who.Room, who.User, LeaveReasons.Removed, clock.GetUtcNow(), who.Host), command, ct, actor, correlation);
        await members.Void(who.Room, who.User, ct);
        await settling.Settle(who.Room, who.User, LeaveReasons.Inactive, ct);
    }

    private async Task<RoomStatus> Join(JoinRoom join, string status, CancellationToken ct)
    {
        var outcome = Outcome.Void;
        while (outcome is Outcome.Void && await members.Claim(join.Room, join.User, join.Generation, ct))
        {
            await rooms.Send(new RoomCommand.ReportAnchorJoined(join.Room, join.User, clock.GetUtcNow()), ct);
            (var joined, outcome) = await members.Put(join.Room, join.User, join.Generation, join.Role, status, NameOf(join), ct);
            if (joined is not null)
                return joined;
        }
        // The log may have been told of what overtook this call before it was told of this call.
        if (outcome is not Outcome.Void)
            await settling.Settle(join.Room, join.User, LeaveReasons.Inactive, ct);
        throw Refusals.ToRpc(PresenceRejections.TakenOver);
    }

    private async Task Report(ReportStatus report, CancellationToken ct)
    {
        if (report.Status is not (OnAir or Idle))
            throw Refusals.ToRpc(UnknownStatus);
        switch (await members.Renew(report.Room, report.User, report.Generation, report.Role, report.Status, ct))
        {
            case Outcome.Late:
                throw Refusals.ToRpc(PresenceRejections.TakenOver);
            case Outcome.Gone:
                // Somebody who reports is there, also after a silence that was too long, or after Redis lost its data.
                await Join(new JoinRoom(report.Room, report.User, report.Role, report.Generation), report.Status, ct);
                break;
        }
    }

    private async Task Leave(LeaveRoom leave, CancellationToken ct)
    {
        if (await members.Leave(leave.Room, leave.User, leave.Generation, ct))
            await settling.Settle(leave.Room, leave.User, leave.Reason, ct);
    }

    private static string? NameOf(JoinRoom join) => join.DisplayName is { Length: > 0 } given ? string.Concat(given.EnumerateRunes().Take(LongestName)) : null;
}
