using EventRtc.Contracts.Tokens;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>Lets auditors and operators through, and with AUTH_MODE=open everybody.</summary>
internal sealed class AuditGate(AuthOptions auth, StaffTokens staff, RoomTokens rooms) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (auth.Mode is AuthMode.Open || staff.Read(request) is not null)
            return await next(context);
        return Results.StatusCode(rooms.Read(request) is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
    }
}

internal static class StaffOfRequest
{
    /// <summary>Whether secrets must be left out of the answer.</summary>
    public static bool IsMasked(this StaffTokens staff, HttpRequest request) => staff.Read(request) is not { Role: StaffRole.Operator };
}
