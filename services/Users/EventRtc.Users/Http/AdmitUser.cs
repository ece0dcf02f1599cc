using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using EventRtc.JsonRpc;

namespace EventRtc.Users.Http;

/// <summary>POST /api/rooms/{id}/users {role?}: a new user of the room, and the token by which it connects.</summary>
public static class AdmitUser
{
    private static readonly Dictionary<string, Role> Roles = Enum.GetValues<Role>().ToDictionary(DomainJson.Text);

    internal static readonly BodyField[] Body = [new("role", Shapes.Role, "What the user may do; anchor without it.")];

    public sealed record Answer(UserId UserID, string Token);

    public static async Task<IResult> Handle(string id, JsonElement? body, HttpRequest request, RoomsClient rooms, RoomTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        var fields = new Fields(body);
        var role = fields.Read("role", "host, anchor or guest", Role.Anchor, json => json.GetString() is { } name && Roles.TryGetValue(name, out var known) ? known : null);
        if (fields.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);

        var permit = request.HttpContext.Permit();
        var host = permit.As.HasFlag(Who.Host) ? permit.Member?.User : null; // of this id's present room? the rooms service knows
        if (role is Role.Host && host is not null)
            return Refusals.ToHttp(TokenRejections.RoleInsufficient); // a host invites, and makes no hosts

        var command = IdempotencyKey.IdOf(request);
        var user = new UserId(command);
        try
        {
            var admission = await rooms.Admit(new RoomCommand.AdmitAnchor(room, user, role, clock.GetUtcNow(), host), command, ct, permit.Actor, CorrelationId.Of(request));
            return Results.Ok(new Answer(user, tokens.ForMember(room, user, admission.Role, admission.At)));
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { } why)
        {
            return Refusals.ToHttp(why);
        }
    }
}
