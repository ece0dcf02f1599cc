using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms/{id}: read from the log, so a caller sees its own writes. The pin is for operators and the room's hosts.</summary>
public static class GetRoom
{
    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, HlsOptions hls, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        var caller = http.Permit();
        return await rooms.Find(room, ct) switch
        {
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            Handled<RoomState>.Done { State: RoomState.Existing found } => Results.Ok(new OneRoom(RoomAnswer.Of(
                found, hls, showPin: caller.Staff is { Role: StaffRole.Operator } || Caller.IsHost(caller, found)))),
            _ => Refusals.ToHttp(RoomRejections.NotFound),
        };
    }
}
