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

    public void Serve(RpcMethods methods)
    {
        methods.On<JoinRoom, RoomStatus>(JoinRoom.Method, (join, _, ct) => Join(join, ct));
        methods.On<ReportStatus>(ReportStatus.Method, (report, _, ct) =>
            members.Put(report.Room, report.User, report.Role, report.Status is OnAir ? OnAir : Idle, displayName: null, ct));
        methods.On<LeaveRoom>(LeaveRoom.Method, (leave, _, ct) => Leave(leave.Room, leave.User, leave.Reason, ct));
    }

    public async Task Leave(RoomId room, UserId user, string reason, CancellationToken ct)
    {
        await members.Drop(room, user, ct);
        await rooms.Send(new RoomCommand.ReportAnchorLeft(room, user, reason, clock.GetUtcNow()), ct);
    }

    private async Task<RoomStatus> Join(JoinRoom join, CancellationToken ct)
    {
        await rooms.Send(new RoomCommand.ReportAnchorJoined(join.Room, join.User, clock.GetUtcNow()), ct);
        // A name makes the change broadcast in any case, so that a client which joins again is told who is there.
        var name = join.DisplayName is { Length: > 0 } given ? given[..Math.Min(given.Length, LongestName)] : join.User.Value[..8];
        return (await members.Put(join.Room, join.User, join.Role, Idle, name, ct))!;
    }
}
