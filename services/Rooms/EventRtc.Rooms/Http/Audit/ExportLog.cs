using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Projections;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>
/// GET /api/audit/export?room= (as often as wanted) and GET /api/audit/head, signed. A call that fails after its status was sent is broken off, and
/// what came until then lacks the signed head that a whole export ends with.
/// </summary>
internal static class ExportLog
{
    internal const string Ndjson = "application/x-ndjson";
    internal const string NoKeyCode = "no_audit_key";

    public static async Task<IResult> Handle(string[]? room, HttpContext http, RoomCommands rooms, PostgresEventStore store, SigningKey key, StaffTokens staff, TimeProvider clock, CancellationToken ct)
    {
        if (key.Key is not { } signer)
            return NoKey;
        var wanted = new List<RoomId>();
        foreach (var name in room ?? [])
        {
            if (!RoomId.TryParse(name, out var id) || (await rooms.History(id, ct)).Count == 0)
                return AuditAnswers.NotFound;
            wanted.Add(id);
        }
        var only = wanted.Count > 0 ? wanted : null;
        var (by, masked) = (staff.Read(http.Request)?.Actor ?? "anonymous", staff.IsMasked(http.Request));
        var request = new ExportRequest(masked, only?.Select(id => (id.Value, new StreamId(StreamNames.Of(id)))).ToList());
        var export = new LogExport(store, signer, clock);
        var exports = new FactStream<AuditEvent>(store, new StreamId(AuditEvent.Stream), clock);
        http.Response.Headers.ContentDisposition = "attachment; filename=eventrtc-log.ndjson";
        return Results.Stream(output => BreakOff(http, () => export.Write(output, request, Record, ct: ct)), Ndjson);

        Task Record(LogHead head, ExportedPart part) =>
            exports.Append(new AuditEvent.LogExported(by, head.At, part.Count, head.LastPosition, part.Digest, masked, only), by, ct);
    }

    public static async Task<IResult> Head(PostgresEventStore store, SigningKey key, TimeProvider clock, CancellationToken ct) =>
        key.Key is { } signer ? Results.Text((await new LogExport(store, signer, clock).Head(ct: ct)).ToJson(), "application/json") : NoKey;

    private static async Task BreakOff(HttpContext http, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch when (http.Response.HasStarted)
        {
            http.Abort(); // an end in good order would look like a whole file
            throw;
        }
    }

    private static IResult NoKey => ApiErrors.Answer(
        StatusCodes.Status503ServiceUnavailable,
        new ApiError("This service has no key to sign with: AUDIT_KEY_FILE names none; 'eventrtc key' makes one.", NoKeyCode));
}

/// <summary>What exports are signed with; null where there is no key.</summary>
public sealed record SigningKey(AuditKey? Key)
{
    public static SigningKey None { get; } = new((AuditKey?)null);

    /// <exception cref="SettingsException">The named file cannot be used.</exception>
    public static SigningKey Load(AuditOptions options)
    {
        try
        {
            return new SigningKey(options.KeyFile is { Length: > 0 } file ? AuditKey.Load(file) : null);
        }
        catch (AuditKeyException fault)
        {
            throw new SettingsException($"AUDIT_KEY_FILE: {fault.Message}");
        }
    }
}
