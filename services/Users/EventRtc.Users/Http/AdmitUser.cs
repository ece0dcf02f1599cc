using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Http;

/// <summary>POST /api/rooms/{id}/users {role?}: a new user of the room, and the token by which it connects.</summary>
public static class AdmitUser
{
    public sealed record Admission(UserId UserID, string Token);

    public static async Task<IResult> Handle(string id, JsonElement? body, HttpRequest request, RoomsClient rooms, RoomTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, null, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        if (RoleOf(body) is not { } role)
            return ApiErrors.Invalid(["role: must be host, anchor or guest"]);

        var user = new UserId(IdempotencyKey.IdOf(request));
        try
        {
            await rooms.Send(new RoomCommand.AdmitAnchor(room, user, role, clock.GetUtcNow()), ct);
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { } why)
        {
            return Refusals.ToHttp(why);
        }
        return Results.Ok(new Admission(user, tokens.ForMember(room, user, role)));
    }

    /// <returns>Anchor when the body names none; null when it names none that exists.</returns>
    private static Role? RoleOf(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } fields || !fields.TryGetProperty("role", out var role))
            return body is null or { ValueKind: JsonValueKind.Object } ? Role.Anchor : null;
        return role.ValueKind is JsonValueKind.String && Enum.GetValues<Role>().Where(known => DomainJson.Text(known) == role.GetString()).ToArray() is [var named] ? named : null;
    }
}
