using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>What to take out of the log.</summary>
/// <param name="Masked">Without secrets.</param>
/// <param name="Only">These streams, each with the name by which the signed head lists it; null for everything.</param>
public sealed record ExportRequest(bool Masked, IReadOnlyList<(string Name, StreamId Stream)>? Only = null);

/// <summary>
/// Writes the log as NDJSON: a line an event in the order of the positions, and at last the signed head. What it holds in memory does not grow with the log.
/// Every call throws <see cref="EventStoreUnavailableException"/> when PostgreSQL is away.
/// </summary>
public sealed class LogExport(PostgresEventStore store, AuditKey key, TimeProvider clock)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    /// <summary>Writes the lines, has it recorded that they were taken out, and only then writes the trailer that makes them a whole export.</summary>
    /// <param name="record">Records it; told of the log as it was read, and of what was taken out. Throws when it cannot: there is no whole export then.</param>
    /// <inheritdoc cref="Head"/>
    public async Task<SignedHead> Write(
        Stream output, ExportRequest request, Func<LogHead, ExportedPart, Task> record, Action<LogDigest>? progress = null, CancellationToken ct = default)
    {
        var wanted = request.Only?.Select(only => only.Stream.Value).ToHashSet(StringComparer.Ordinal);
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

        var (head, part) = (HeadOf(whole), new ExportedPart(exported.Count, exported.Value));
        await record(head, part);
        var trailer = new SignedHead(head, request.Only?.Select(only => only.Name).ToList(), part).SignedBy(key);
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
}
