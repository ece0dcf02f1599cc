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
    public sealed record Answer(string Token);

    public static IResult Handle(JsonElement body, RoomDirectory rooms, RoomTokens tokens)
    {
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("roomId", out var id) || id.ValueKind is not JsonValueKind.String
            || !RoomId.TryParse(id.GetString(), null, out var room))
            return ApiErrors.Invalid(["roomId: must be 3 to 32 of A-Z a-z 0-9 _ -"]);
        rooms.RequireSynced();
        return rooms.Find(room).Meta is null ? Refusals.ToHttp(RoomRejections.NotFound) : Results.Ok(new Answer(tokens.ForListener(room)));
    }
}
