using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Projector;

/// <summary>What operators do over HTTP; the same as <c>eventrtc rebuild</c>, <c>verify</c> and <c>parked</c>.</summary>
public static class Operations
{
    private const string RebuildRunning = "rebuild_running";
    private const string VerifyRunning = "verify_running";
    private const string NotParked = "not_parked";

    /// <param name="Room">Only this one; all without it.</param>
    /// <param name="DryRun">Report what would be changed, and write nothing.</param>
    public sealed record RebuildRequest(string? Room = null, bool? DryRun = null);

    /// <param name="By">Who decided it where no token says it.</param>
    public sealed record SkipRequest(string? By = null);

    /// <param name="Rebuild">The one that runs, or else the last one; absent before the first.</param>
    public sealed record RebuildAnswer(RebuildStatus? Rebuild)
    {
        public bool Success { get; } = true;
    }

    public sealed record VerifyAnswer(VerifyReport Report)
    {
        public bool Success { get; } = true;
    }

    public sealed record ParkedList(IReadOnlyList<ParkedAnswer> Parked)
    {
        public bool Success { get; } = true;
    }

    /// <param name="Event">As it was parked.</param>
    /// <param name="Waiting">What still holds the stream up; absent when nothing does.</param>
    public sealed record OneParked(ParkedAnswer Event, ParkedAnswer? Waiting)
    {
        public bool Success { get; } = true;
    }

    public static void MapOperations(this WebApplication app)
    {
        var operations = app.MapGroup("/api");
        operations.MapPost("/rebuild", Start).Allow(Who.Operator)
            .Says("startRebuild", "Makes etcd show what the log says; it goes on after the answer.")
            .Takes(new BodyField("room", Shapes.RoomId, "Only this one; all without it."), new BodyField("dryRun", Shape.Flag, "Report what would be changed, and write nothing; false without it."))
            .Answers<RebuildAnswer>(202, "It runs.").Refuses(409, RebuildRunning);
        operations.MapGet("/rebuild", (RebuildJob job) => Results.Ok(new RebuildAnswer(job.Status))).Allow(Who.Operator)
            .Says("rebuild", "The rebuild that runs, or the last one, of this process.").Answers<RebuildAnswer>(200, "How far it is, or what it did.");
        operations.MapGet("/verify", Check).Allow(Who.Auditor | Who.Operator)
            .Says("verify", "Compares log, hashes, Redis and etcd; it takes as long as the log is.").Answers<VerifyAnswer>(200, "What was found; ok says whether that is nothing.").Refuses(409, VerifyRunning);
        operations.MapGet("/parked", async (Parking parking, CancellationToken ct) => Results.Ok(new ParkedList([.. (await parking.List(ct)).Select(ParkedAnswer.Of)]))).Allow(Who.Operator)
            .Says("listParked", "Events that cannot be read and hold up their stream, and those that were skipped.").Answers<ParkedList>(200, "The events.");
        operations.MapPost("/parked/{position:long}/retry", async (long position, Parking parking, CancellationToken ct) =>
            Answer(await parking.Retry(new Position(position), ct))).Allow(Who.Operator)
            .Says("retryParked", "Tries the event again.").IsOfParked();
        operations.MapPost("/parked/{position:long}/skip", async (long position, SkipRequest? request, HttpContext http, Parking parking, CancellationToken ct) =>
            Answer(await parking.Skip(new Position(position), http.Permit().Staff?.Actor ?? request?.By ?? "operator", ct))).Allow(Who.Operator)
            .Says("skipParked", "Leaves the event out for ever; the log keeps it.").Takes(new BodyField("by", Shape.AnyText, "Who decided it where no token says it.")).IsOfParked();
    }

    private static void IsOfParked(this RouteHandlerBuilder route) => route
        .Asks("position", Shape.Whole(0), "The event's position in the log.").Answers<OneParked>(200, "The event, and what still waits.").Refuses(404, NotParked);

    private static IResult Start(RebuildRequest? request, RebuildJob job)
    {
        request ??= new RebuildRequest();
        if (request.Room is { } text && !RoomId.TryParse(text, out _))
            return ApiErrors.Invalid([$"room: must be {RoomId.MinLength} to {RoomId.MaxLength} of letters, digits, hyphens and underscores"]);
        return job.Start(request.Room is { } room ? new RoomId(room) : null, request.DryRun ?? false) is { } started
            ? Results.Accepted("/api/rebuild", new RebuildAnswer(started))
            : Busy("A rebuild is running in this process.", RebuildRunning);
    }

    private static async Task<IResult> Check(VerifyCall verify, CancellationToken ct) => await verify.Run(ct) is { } report
        ? Results.Ok(new VerifyAnswer(report))
        : Busy("A verification is running in this process.", VerifyRunning);

    private static IResult Busy(string message, string code) => ApiErrors.Answer(StatusCodes.Status409Conflict, new ApiError(message, code, Retryable: true));

    private static IResult Answer(ParkedOutcome? outcome) => outcome is { } done
        ? Results.Ok(new OneParked(ParkedAnswer.Of(done.Event), done.Waiting is { } waiting ? ParkedAnswer.Of(waiting) : null))
        : ApiErrors.Answer(StatusCodes.Status404NotFound, new ApiError("No event at this position is parked.", NotParked));
}

/// <summary>A parked event as HTTP and the command line show it.</summary>
public sealed record ParkedAnswer(
    long Position, string Stream, long Version, string Type, string Reason, DateTimeOffset ParkedAt, DateTimeOffset? SkippedAt, string? SkippedBy)
{
    public static ParkedAnswer Of(ParkedEvent e) =>
        new(e.Position.Value, e.Stream.Value, e.Version, e.Type, e.Reason, e.ParkedAt, e.SkippedAt, e.SkippedBy);
}
