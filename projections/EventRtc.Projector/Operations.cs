using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Projector;

/// <summary>What operators do over HTTP; the same as <c>eventrtc rebuild</c>, <c>verify</c> and <c>parked</c>.</summary>
public static class Operations
{
    /// <param name="Room">Only this one; all without it.</param>
    /// <param name="DryRun">Report what would be changed, and write nothing.</param>
    public sealed record RebuildRequest(string? Room = null, bool DryRun = false);

    /// <param name="By">Who decided it where no token says it.</param>
    public sealed record SkipRequest(string? By = null);

    public static void MapOperations(this WebApplication app)
    {
        var operations = app.MapGroup("/api");
        operations.MapPost("/rebuild", Start).Allow(Who.Operator);
        operations.MapGet("/rebuild", (RebuildJob job) => Results.Ok(new { Success = true, Rebuild = job.Status })).Allow(Who.Operator);
        operations.MapGet("/verify", Check).Allow(Who.Auditor | Who.Operator);
        operations.MapGet("/parked", async (Parking parking, CancellationToken ct) =>
            Results.Ok(new { Success = true, Parked = (await parking.List(ct)).Select(ParkedAnswer.Of) })).Allow(Who.Operator);
        operations.MapPost("/parked/{position:long}/retry", async (long position, Parking parking, CancellationToken ct) =>
            Answer(await parking.Retry(new Position(position), ct))).Allow(Who.Operator);
        operations.MapPost("/parked/{position:long}/skip", async (long position, SkipRequest? request, HttpContext http, Parking parking, CancellationToken ct) =>
            Answer(await parking.Skip(new Position(position), http.Permit().Staff?.Actor ?? request?.By ?? "operator", ct))).Allow(Who.Operator);
    }

    private static IResult Start(RebuildRequest? request, RebuildJob job)
    {
        request ??= new RebuildRequest();
        if (request.Room is { } text && !RoomId.TryParse(text, out _))
            return ApiErrors.Invalid([$"room: must be {RoomId.MinLength} to {RoomId.MaxLength} of letters, digits, hyphens and underscores"]);
        return job.Start(request.Room is { } room ? new RoomId(room) : null, request.DryRun) is { } started
            ? Results.Accepted("/api/rebuild", new { Success = true, Rebuild = started })
            : Busy("A rebuild is running in this process.", "rebuild_running");
    }

    private static async Task<IResult> Check(VerifyCall verify, CancellationToken ct) => await verify.Run(ct) is { } report
        ? Results.Ok(new { Success = true, Report = report })
        : Busy("A verification is running in this process.", "verify_running");

    private static IResult Busy(string message, string code) => ApiErrors.Answer(StatusCodes.Status409Conflict, new ApiError(message, code, Retryable: true));

    private static IResult Answer(ParkedOutcome? outcome) => outcome is { } done
        ? Results.Ok(new { Success = true, Event = ParkedAnswer.Of(done.Event), Waiting = done.Waiting is { } waiting ? ParkedAnswer.Of(waiting) : null })
        : ApiErrors.Answer(StatusCodes.Status404NotFound, new ApiError("No event at this position is parked.", "not_parked"));
}

/// <summary>A parked event as HTTP and the command line show it.</summary>
public sealed record ParkedAnswer(
    long Position, string Stream, long Version, string Type, string Reason, DateTimeOffset ParkedAt, DateTimeOffset? SkippedAt, string? SkippedBy)
{
    public static ParkedAnswer Of(ParkedEvent e) =>
        new(e.Position.Value, e.Stream.Value, e.Version, e.Type, e.Reason, e.ParkedAt, e.SkippedAt, e.SkippedBy);
}
