using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Users.Presence;

namespace EventRtc.Users.Http;

/// <summary>DELETE /api/rooms/{id}/users/{userId}: gives the place back.</summary>
public static class RemoveUser
{
    public sealed record Answer(string Message)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, string userId, PresenceCalls presence, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, null, out var room) || !UserId.TryParse(userId, out var user))
            return Refusals.ToHttp(RoomRejections.NotFound);
        try
        {
            await presence.Leave(room, user, "removed", ct);
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { } why)
        {
            return Refusals.ToHttp(why);
        }
        return Results.Ok(new Answer("The user has left the room."));
    }
}
