namespace EventRtc.EventStore;

/// <summary>An event as a <see cref="LogBatch"/> holds it: text and numbers read, JSON still as PostgreSQL sent it. Valid until its batch is disposed.</summary>
/// <param name="Id">Empty when only bodies were asked for.</param>
/// <param name="Body">JSON in UTF-8.</param>
/// <param name="At">Without a meaning when only bodies were asked for.</param>
/// <param name="HeaderSet">JSON in UTF-8; empty without headers, and when only bodies were asked for.</param>
public readonly record struct LogRow(
    Position Position, string Stream, long Version, string Type, ReadOnlyMemory<byte> Body, Guid Id, DateTimeOffset At, ReadOnlyMemory<byte> HeaderSet)
{
    /// <summary>A copy of its own, that outlives the batch.</summary>
    public RecordedEvent ToEvent()
    {
        var (headers, proof) = HeadersJson.Read(HeaderSet);
        return new RecordedEvent(Position, StreamId.Stored(Stream), Version, Id, Type, System.Text.Encoding.UTF8.GetString(Body.Span), At, headers, proof);
    }
}

/// <summary>Events that follow one another in the log, in a buffer that goes back to its pool.</summary>
public sealed class LogBatch : IDisposable
{
    private readonly Action<byte[]> giveBack;
    private readonly byte[] buffer;

    internal LogBatch(IReadOnlyList<LogRow> rows, byte[] buffer, Action<byte[]> giveBack)
    {
        Rows = rows;
        this.buffer = buffer;
        this.giveBack = giveBack;
    }

    public IReadOnlyList<LogRow> Rows { get; }

    /// <summary>Once; the rows are not to be touched afterwards.</summary>
    public void Dispose() => giveBack(buffer);
}
