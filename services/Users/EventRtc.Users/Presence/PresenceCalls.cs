using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Presence;

/// <summary>What gateways tell about their connections. Joined and left become events of the room; keepalives do not.</summary>
public sealed class PresenceCalls(RoomMembers members, RoomsClient rooms, TimeProvider clock)
{
    private const string OnAir = "onair";
    private const string Idle = "idle";
    private const int LongestName = 64;

    private static readonly Rejection UnknownStatus = new(RejectionKind.Invalid, "invalid_status", $"A status is {OnAir} or {Idle}.");

    public void Serve(RpcMethods methods)
    {
        methods.On<JoinRoom, RoomStatus>(JoinRoom.Method, (join, caller, ct) => Join(join, Idle, caller.RequestId, ct));
        methods.On<ReportStatus>(ReportStatus.Method, (report, caller, ct) => Report(report, caller.RequestId, ct));
        methods.On<LeaveRoom>(LeaveRoom.Method, (leave, caller, ct) => Leave(leave, caller.RequestId, ct));
    }

    /// <param name="command">Names the command: repeated under this id it records nothing more.</param>
    /// <exception cref="RpcException">There is no such room (any more).</exception>
    public async Task Leave(LeaveRoom leave, Guid command, CancellationToken ct)
    {
        try
        {
            // The event comes first: as long as the member is in Redis, the expiry repeats what failed half way.
            await rooms.Send(new RoomCommand.ReportAnchorLeft(leave.Room, leave.User, leave.Reason, clock.GetUtcNow()), command, ct);
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { Kind: RejectionKind.NotFound })
        {
            await members.Drop(leave.Room, leave.User, ct);
            throw;
        }
        await members.Drop(leave.Room, leave.User, ct);
    }

    private async Task<RoomStatus> Join(JoinRoom join, string status, Guid command, CancellationToken ct)
    {
        await rooms.Send(new RoomCommand.ReportAnchorJoined(join.Room, join.User, clock.GetUtcNow()), command, ct);
        return await members.Put(join.Room, join.User, join.Role, status, NameOf(join), ct);
    }

    private async Task Report(ReportStatus report, Guid command, CancellationToken ct)
    {
        if (report.Status is not (OnAir or Idle))
            throw Refusals.ToRpc(UnknownStatus);
        // Somebody who reports is there, also after a silence that was too long, or after Redis lost its data.
        if (!await members.Renew(report.Room, report.User, report.Role, report.Status, ct))
            await Join(new JoinRoom(report.Room, report.User, report.Role, report.Generation), report.Status, command, ct);
    }

    private static string NameOf(JoinRoom join) =>
        join.DisplayName is { Length: > 0 } given ? string.Concat(given.EnumerateRunes().Take(LongestName)) : join.User.Value[..8];
}
