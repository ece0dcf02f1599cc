using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Rooms.Http.Audit;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms/{id}: read from the log, so a caller sees its own writes.</summary>
public static class GetRoom
{
    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, RoomTokens tokens, StaffTokens staff, HlsOptions hls, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        return await rooms.Find(room, ct) switch
        {
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            Handled<RoomState>.Done { State: RoomState.Existing found } => Results.Ok(new OneRoom(RoomAnswer.Of(
                found, hls, showPin: !staff.IsMasked(http.Request) || IsHost(tokens.Read(http.Request), found)))),
            _ => Refusals.ToHttp(RoomRejections.NotFound),
        };
    }

    /// <summary>Of this room, that is: a token from an earlier room of the same id names a user that this one does not know.</summary>
    private static bool IsHost(Claims? caller, RoomState.Existing room) =>
        caller is { User: { } user } && caller.Room == room.Id && room.Anchors.Find(user) is { Role: Role.Host };
}
