using EventRtc.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventRtc.Contracts.Tokens;

/// <summary>Lets those through who work for the house: 401 without a valid token, 403 with one that is not enough. With AUTH_MODE=open everybody passes.</summary>
public static class StaffGate
{
    /// <param name="least">An operator may do what an auditor may.</param>
    public static RouteGroupBuilder RequireStaff(this RouteGroupBuilder group, StaffRole least) => group.AddEndpointFilter(async (context, next) =>
    {
        var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
        var staff = services.GetRequiredService<StaffTokens>().Read(http.Request);
        if (services.GetRequiredService<AuthOptions>().Mode is AuthMode.Open || staff?.Role >= least)
            return await next(context);
        var known = staff is not null || services.GetRequiredService<RoomTokens>().Read(http.Request) is not null;
        return Results.StatusCode(known ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized);
    });

    /// <summary>Whether secrets must be left out of the answer.</summary>
    public static bool IsMasked(this StaffTokens staff, HttpRequest request) => staff.Read(request) is not { Role: StaffRole.Operator };
}
