using System.Threading.Channels;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>Every room as the log makes it, read in one go: one thread takes rows from PostgreSQL while another one decodes and folds.</summary>
public sealed class FoldedLog
{
    /// <summary>Batches that may wait between the two threads.</summary>
    private const int Ahead = 16;

    /// <summary>By the stream's name, which comes with every row; null for a stream that is no room's.</summary>
    private readonly Dictionary<string, RoomFold?> streams = new(StringComparer.Ordinal);
    private readonly HashSet<long> skipped;

    internal FoldedLog(IEnumerable<ParkedEvent> parked) =>
        skipped = [.. parked.Where(e => e.SkippedAt is not null).Select(e => e.Position.Value)];

    /// <summary>Every room that has events, also deleted ones.</summary>
    public IEnumerable<KeyValuePair<RoomId, RoomFold>> Rooms => streams
        .Where(stream => stream.Value is not null)
        .Select(stream => KeyValuePair.Create(StreamNames.RoomOf(stream.Key)!.Value, stream.Value!));

    /// <summary>Every module that has events.</summary>
    public IEnumerable<ModuleRef> Modules => streams.Keys.Select(StreamNames.ModuleOf).OfType<ModuleRef>();

    /// <summary>Events read.</summary>
    public long Events { get; private set; }

    /// <summary>The last event's position.</summary>
    public Position Reached { get; private set; }

    public RoomFold? Find(RoomId room) => streams.GetValueOrDefault(StreamNames.Of(room));

    /// <param name="progress">Told of the position reached, often.</param>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away.</exception>
    public static async Task<FoldedLog> Read(PostgresEventStore store, Action<Position>? progress = null, CancellationToken ct = default)
    {
        var log = new FoldedLog(await store.Parked.List(ct: ct));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var batches = Channel.CreateBounded<LogBatch>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => Read(store, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(ct))
                using (batch)
                {
                    foreach (var row in batch.Rows)
                        log.Take(row);
                    progress?.Invoke(log.Reached);
                }
            return log;
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the channel has told of its failure
        }
    }

    private static async Task Read(PostgresEventStore store, ChannelWriter<LogBatch> into, CancellationToken ct)
    {
        try
        {
            await foreach (var batch in store.ReadLog(Position.Start, bodiesOnly: true, ct))
                await into.WriteAsync(batch, ct);
            into.Complete();
        }
        catch (Exception failure)
        {
            into.Complete(failure);
        }
    }

    /// <summary>Folds the next event of the log.</summary>
    /// <returns>The event's room; null when it is no room's.</returns>
    internal RoomFold? Take(in LogRow row)
    {
        if (!streams.TryGetValue(row.Stream, out var room))
            streams.Add(row.Stream, room = StreamNames.RoomOf(row.Stream) is null ? null : new RoomFold());
        room?.Take(row.Position.Value, row.Version, row.Type, row.Body.Span, IsSkipped(row.Position));
        Events++;
        Reached = row.Position;
        return room;
    }

    /// <summary>An operator left the event out.</summary>
    internal bool IsSkipped(Position position) => skipped.Count > 0 && skipped.Contains(position.Value);
}
