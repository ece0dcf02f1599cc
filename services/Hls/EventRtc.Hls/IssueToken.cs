using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Contracts.Directories;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Hls;

/// <summary>POST /api/token {roomId}: what a listener shows to get a room's keys.</summary>
public static class IssueToken
{
    internal static readonly BodyField[] Body = [new("roomId", Shapes.RoomId, "The room to listen to.", IsRequired: true)];

    public sealed record Answer(string Token);

    public static IResult Handle(JsonElement? body, RoomDirectory rooms, KnownRooms known, RoomTokens tokens)
    {
        var fields = new Fields(body);
        var room = fields.Read("roomId", "", default(RoomId), json => RoomId.TryParse(json.GetString(), out var id) ? id : null);
        if (room == default)
            return ApiErrors.Invalid(["roomId: must be 3 to 32 of A-Z a-z 0-9 _ -"]);
        return rooms.Find(room).Meta is null && known.Find(room) is null ? Refusals.ToHttp(RoomRejections.NotFound) : Results.Ok(new Answer(tokens.ForListener(room)));
    }
}
