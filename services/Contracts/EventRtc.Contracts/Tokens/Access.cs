using EventRtc.Domain;
using EventRtc.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EventRtc.Contracts.Tokens;

/// <summary>Who may call a route. One of those named is enough; an operator is no auditor here, so a route names both.</summary>
[Flags]
public enum Who
{
    None = 0,

    /// <summary>Everybody, with any token or none.</summary>
    Anyone = 1,

    Auditor = 2,

    Operator = 4,

    /// <summary>A host of the room that is <c>{id}</c> in the route.</summary>
    Host = 8,

    /// <summary>The user that is <c>{userId}</c> in the route, in the room that is <c>{id}</c>.</summary>
    Self = 16,
}

/// <summary>A call that was let through.</summary>
/// <param name="As">What let it through; <see cref="Who.Anyone"/> where no token was needed.</param>
/// <param name="Staff">Who calls, by a staff token; null without a good one.</param>
/// <param name="Member">Who calls, by a room's token; null without a good one.</param>
public sealed record Permit(Who As, StaffClaims? Staff = null, Claims? Member = null)
{
    /// <summary>As records name the caller: <c>operator:ann</c>, <c>host:{userId}</c>, <c>anonymous</c>.</summary>
    public string Actor => Staff?.Actor ?? (Member is { User: { } user, Role: { } role } ? $"{DomainJson.Text(role)}:{user}" : "anonymous");
}

/// <summary>Decides on each call by the token shown. Which route is for whom stands where the route is mapped; ops/decisions/0014-roles.md has all of them.</summary>
public sealed class Access(StaffTokens staff, RoomTokens rooms, AuthOptions options)
{
    /// <returns>Why the call is refused; null when it may go on.</returns>
    internal Rejection? Refuse(HttpRequest request, Who allowed, out Permit permit)
    {
        var token = rooms.Verify(RoomTokens.Bearer(request));
        var (officer, member) = (staff.Read(request), token.Claims);
        permit = new Permit(Who.Anyone, officer, member);
        if (allowed.HasFlag(Who.Anyone) || options.Mode is AuthMode.Open)
            return null;
        if (officer is null && token is TokenReading<Claims>.Bad { Why: var why })
            return TokenRejections.Of(why);

        permit = permit with { As = allowed & (RightsOf(officer) | RightsOf(member, request)) };
        if (permit.As is Who.None)
            return TokenRejections.RoleInsufficient;
        return member is not null && member.Room.Value != request.RouteValues["id"] as string ? TokenRejections.WrongRoom : null;
    }

    private static Who RightsOf(StaffClaims? officer) => officer?.Role switch
    {
        StaffRole.Operator => Who.Operator,
        StaffRole.Auditor => Who.Auditor,
        _ => Who.None,
    };

    /// <summary>In the room that the token is for.</summary>
    private static Who RightsOf(Claims? member, HttpRequest request) =>
        (member is { User: not null, Role: Role.Host } ? Who.Host : Who.None)
        | (UserId.TryParse(request.RouteValues["userId"] as string, out var asked) && member?.User == asked ? Who.Self : Who.None);
}

/// <summary>Says at a route who may call it.</summary>
public static class AccessRoutes
{
    /// <summary>Refuses everybody else before the body is read, with a code of its own for each reason.</summary>
    public static TRoute Allow<TRoute>(this TRoute route, Who who) where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint =>
        {
            var work = endpoint.RequestDelegate!;
            endpoint.Metadata.Add(who);
            endpoint.RequestDelegate = http =>
            {
                if (http.RequestServices.GetRequiredService<Access>().Refuse(http.Request, who, out var permit) is { } why)
                    return Refuse(http, why);
                http.Features.Set(permit);
                return work(http);
            };
        });
        if (who.HasFlag(Who.Anyone))
            return route.WantsToken(isOptional: true);
        route.WantsToken(isOptional: false, [.. Enum.GetValues<Who>().Where(role => role is not Who.None && who.HasFlag(role)).Select(DomainJson.Text)]);
        route.Refuses(TokenRejections.Missing, TokenRejections.Invalid, TokenRejections.Expired, TokenRejections.TooEarly, TokenRejections.RoleInsufficient);
        return (who & (Who.Host | Who.Self)) is Who.None ? route : route.Refuses(TokenRejections.WrongRoom);
    }

    /// <summary>What the call was let through as.</summary>
    /// <exception cref="InvalidOperationException">The route does not say who may call it.</exception>
    public static Permit Permit(this HttpContext http) => http.Features.GetRequiredFeature<Permit>();

    private static Task Refuse(HttpContext http, Rejection why)
    {
        if (why.Kind is RejectionKind.Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 9110, 11.6.1
        return Refusals.ToHttp(why).ExecuteAsync(http);
    }
}
