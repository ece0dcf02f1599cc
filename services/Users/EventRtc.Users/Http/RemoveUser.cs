using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
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

    public static async Task<IResult> Handle(string id, string userId, HttpRequest request, PresenceCalls presence, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, out var room) || !UserId.TryParse(userId, out var user))
            return Refusals.ToHttp(RoomRejections.NotFound);
        var permit = request.HttpContext.Permit();
        var host = permit.As is Who.Host ? permit.Member?.User : null; // of this id's present room? the rooms service knows
        try
        {
            await presence.Remove(new RemoveMember(room, user, host), IdempotencyKey.IdOf(request), ct, permit.Actor, CorrelationId.Of(request));
            return Results.Ok(new Answer("The user has left the room."));
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { } why)
        {
            return Refusals.ToHttp(why);
        }
    }
}
