namespace EventRtc.EventStore;

/// <summary>
/// One command of this process at a time on each stream, in the order of their coming. Two at once would decide on the same version, and one of them would have to do all its work again.
/// Streams share a fixed number of turns, so that nothing grows with their number; a stream that shares one with another only waits a little.
/// </summary>
internal sealed class StreamTurns
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1, 1))];

    /// <returns>Dispose it when the turn is over.</returns>
    public async Task<Turn> Await(StreamId stream, CancellationToken ct)
    {
        var turn = turns[(uint)stream.Value.GetHashCode(StringComparison.Ordinal) % turns.Length];
        await turn.WaitAsync(ct);
        return new Turn(turn);
    }

    public readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
