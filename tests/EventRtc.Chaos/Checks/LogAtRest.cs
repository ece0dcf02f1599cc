using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Chaos.Checks;

/// <summary>The whole log, read once, and what it makes of the rooms.</summary>
internal sealed class LogAtRest
{
    private LogAtRest(IReadOnlyList<RecordedEvent> events) => Events = events;

    /// <summary>In the order of their positions.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    public static async Task<LogAtRest> Read(Stores stores, CancellationToken ct) => new(await stores.Log.ReadAll(Position.Start, int.MaxValue, ct));

    /// <summary>The views of every room that ever was, now.</summary>
    public IReadOnlyDictionary<RoomId, RoomViews> Rooms() => Events
        .GroupBy(e => e.Stream.Value)
        .Where(stream => StreamNames.RoomOf(stream.Key) is not null)
        .ToDictionary(stream => StreamNames.RoomOf(stream.Key)!.Value, stream => At(stream, long.MaxValue).Views);

    /// <summary>What a room's first events make of it.</summary>
    public static RoomFold At(IEnumerable<RecordedEvent> stream, long version)
    {
        var fold = new RoomFold();
        foreach (var e in stream.TakeWhile(e => e.Version <= version))
            fold.Take(e.Position.Value, e.Version, e.Type, System.Text.Encoding.UTF8.GetBytes(e.Json));
        return fold;
    }
}
