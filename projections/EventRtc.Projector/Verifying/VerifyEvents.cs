using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>Looks at each event of the log in turn: its place, its content, its hash. Keeps a small record a stream, and folds the rooms on the way.</summary>
internal sealed class VerifyEvents(VerifyReport report, FoldedLog log)
{
    private readonly Dictionary<string, StreamCheck> streams = new(StringComparer.Ordinal);
    private long last;

    /// <summary>Positions of events that are named as foreign or undecodable.</summary>
    public HashSet<long> Poison { get; } = [];

    public int Streams => streams.Count;

    /// <param name="e">The row, whole.</param>
    public void Take(in LogRow row, RecordedEvent e)
    {
        if (!streams.TryGetValue(row.Stream, out var stream))
            streams.Add(row.Stream, stream = new StreamCheck(StreamNames.IsKnown(row.Stream)));
        var position = row.Position.Value;
        if (position <= last)
            report.Add(FindingKinds.Order, $"{position}", $"It follows position {last}.");
        last = position;

        if (!stream.IsKnown)
        {
            if (!log.IsSkipped(row.Position) && Poison.Add(position))
                report.Add(FindingKinds.Foreign, $"{position}", $"Stream '{row.Stream}' is of no family known here.");
            return;
        }
        if (row.Version != stream.Version + 1)
            report.Add(FindingKinds.Gap, $"{position}", $"Stream '{row.Stream}' goes on with version {row.Version} after {stream.Version}.");
        stream.Version = row.Version;
        if (FaultOf(row) is { } fault)
        {
            Poison.Add(position);
            report.Add(FindingKinds.Undecodable, $"{position}", $"'{row.Type}' in stream '{row.Stream}', version {row.Version}: {fault}");
        }
        CheckHash(stream, e);
    }

    /// <summary>Why the event cannot be read. Behind the first such event of a room its fold stands still, and each is looked at by itself.</summary>
    private string? FaultOf(in LogRow row)
    {
        var room = log.Take(row);
        if (log.IsSkipped(row.Position))
            return null;
        if (room?.Views.Degraded is { } mark)
            return mark.Position == row.Position.Value ? mark.Reason : EventReading.Fault<RoomEvent>(row.Type, row.Body.Span, out _);
        if (room is null && StreamNames.ModuleOf(row.Stream) is not null)
            return EventReading.Fault<ModuleEvent>(row.Type, row.Body.Span, out _);
        return StreamNames.IsAudit(row.Stream) ? EventReading.Fault<AuditEvent>(row.Type, row.Body.Span, out _) : null;
    }

    private void CheckHash(StreamCheck stream, RecordedEvent e)
    {
        if (e.Proof is not { } proof)
        {
            if (stream.Hash is not null)
                report.Add(FindingKinds.Unhashed, $"{e.Position}", $"Stream '{e.Stream}', version {e.Version}: it has no hash, but the event before it has.");
            return;
        }
        if (proof.PreviousHash != stream.Hash)
            report.Add(FindingKinds.Chain, $"{e.Position}", $"Stream '{e.Stream}', version {e.Version}: it does not follow the event before it; one was changed, removed or added.");
        if (HashOf(e) != proof.Hash)
            report.Add(FindingKinds.Hash, $"{e.Position}", $"Stream '{e.Stream}', version {e.Version}: its content is not what was hashed.");
        stream.Hash = proof.Hash;
    }

    /// <summary>Null for content that cannot even be hashed.</summary>
    private static string? HashOf(RecordedEvent e)
    {
        try
        {
            return EventHash.Of(e);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or InvalidOperationException or ArgumentException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private sealed class StreamCheck(bool isKnown)
    {
        public bool IsKnown { get; } = isKnown;

        public long Version { get; set; }

        /// <summary>That of the last event with one.</summary>
        public string? Hash { get; set; }
    }
}
