using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>What to take out of the log, and for whom.</summary>
/// <param name="By">See <see cref="AuditEvent.LogExported"/>.</param>
/// <param name="Masked">Without secrets.</param>
/// <param name="Rooms">Null for everything, also what is not a room's.</param>
public sealed record ExportRequest(string By, bool Masked, IReadOnlyList<RoomId>? Rooms = null);

/// <summary>
/// Writes the log as NDJSON: a line an event in the order of the positions, and at last the signed head. What it holds in memory does not grow with the log.
/// Every call throws <see cref="EventStoreUnavailableException"/> when PostgreSQL is away.
/// </summary>
public sealed class LogExport(PostgresEventStore store, AuditKey key, TimeProvider clock)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CommandHandler<int, AuditEvent, AuditEvent> record = new(store, 0, (count, _) => count + 1, (_, exported) => exported, clock);

    /// <summary>The head of the log as it is now, of which nothing is recorded.</summary>
    /// <param name="progress">Told of the position that was reached, now and then.</param>
    public async Task<SignedHead> Head(Action<LogDigest>? progress = null, CancellationToken ct = default)
    {
        var whole = new LogDigest();
        await foreach (var batch in store.ReadLog(Position.Start, ct: ct))
            using (batch)
            {
                foreach (var row in batch.Rows)
                    whole.Add(row.Position, EventHash.Of(row.ToEvent()));
                progress?.Invoke(whole);
            }
        return new SignedHead(HeadOf(whole)).SignedBy(key);
    }

    /// <summary>Writes the lines, records that they were taken out, and only then writes the trailer that makes them a whole export.</summary>
    /// <inheritdoc cref="Head"/>
    public async Task<SignedHead> Write(Stream output, ExportRequest request, Action<LogDigest>? progress = null, CancellationToken ct = default)
    {
        var wanted = request.Rooms?.Select(room => $"room-{room}").ToHashSet(StringComparer.Ordinal);
        var (whole, exported) = (new LogDigest(), new LogDigest());
        var lines = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(lines, Readable);
        await foreach (var batch in store.ReadLog(Position.Start, ct: ct))
            using (batch)
            {
                foreach (var row in batch.Rows)
                    Add(row.ToEvent());
                await output.WriteAsync(lines.WrittenMemory, ct);
                lines.ResetWrittenCount();
                progress?.Invoke(whole);
            }
        await output.FlushAsync(ct);

        var head = HeadOf(whole);
        await Record(new AuditEvent.LogExported(request.By, head.At, exported.Count, head.LastPosition, exported.Value, request.Masked, request.Rooms), ct);
        var trailer = new SignedHead(head, request.Rooms, new ExportedPart(exported.Count, exported.Value)).SignedBy(key);
        await output.WriteAsync(Encoding.UTF8.GetBytes($"{trailer.ToJson()}\n"), ct);
        await output.FlushAsync(ct);
        return trailer;

        void Add(RecordedEvent e)
        {
            if (wanted?.Contains(e.Stream.Value) is false)
            {
                whole.Add(e.Position, EventHash.Of(e));
                return;
            }
            json.Reset(lines);
            var hash = ExportLine.Write(json, e, request.Masked);
            lines.Write("\n"u8);
            whole.Add(e.Position, hash);
            exported.Add(e.Position, hash);
        }
    }

    private LogHead HeadOf(LogDigest whole) => new(whole.Count, whole.Last.Value, whole.Value, clock.GetUtcNow());

    private async Task Record(AuditEvent.LogExported exported, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        if (await record.Handle(new StreamId(AuditEvent.Stream), exported, new CommandContext(id, exported.By, id.ToString("N")), ct) is Handled<int>.Refused refused)
            throw new TimeoutException($"The export could not be recorded: {refused.Why.Message}");
    }
}
