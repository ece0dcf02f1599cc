using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;
using EventRtc.Reconciling;

namespace EventRtc.Contracts.Directories;

/// <summary>Every room as its views show it, in memory, a few milliseconds behind the log.</summary>
public sealed class RoomDirectory
{
    private readonly EtcdMirror mirror;

    public RoomDirectory(EtcdMirror mirror, ViewKeys keys)
    {
        this.mirror = mirror;
        Keys = keys;
        mirror.Changed += key =>
        {
            if (Keys.TryParse(key, out var room, out _))
                Changed?.Invoke(room);
        };
        mirror.Listed += () => Listed?.Invoke();
    }

    /// <summary>A view of the room was written or vanished; <see cref="Find"/> tells the new state. Called on the watching loop: must not block.</summary>
    public event Action<RoomId>? Changed;

    /// <summary>All views were read, at first or after the watch broke. Called on the watching loop: must not block.</summary>
    public event Action? Listed;

    public ViewKeys Keys { get; }

    /// <summary>Whether all rooms were read once; before that an empty answer means nothing.</summary>
    public bool Synced => mirror.Synced;

    public Task WhenSynced(CancellationToken ct) => mirror.WhenSynced(ct);

    /// <exception cref="TimeoutException">The rooms are not known, because etcd is away: answered 503, where "no such room" would be a lie.</exception>
    public void RequireSynced()
    {
        if (!Synced)
            throw new TimeoutException("The rooms are not read from etcd.");
    }

    /// <summary>The room's views; <see cref="RoomViews.Empty"/> when there is no such room.</summary>
    public RoomViews Find(RoomId room) => RoomViews.Read(Keys, room, Pairs(Keys.Room(room)));

    /// <summary>Every room of which a view is shown, readable or not.</summary>
    public IReadOnlyCollection<RoomId> Rooms() =>
        [.. mirror.Under(Keys.Prefix).Select(pair => Keys.TryParse(pair.Key, out var room, out _) ? room : (RoomId?)null).OfType<RoomId>().Distinct()];

    /// <summary>Every room whose views can be read.</summary>
    public IReadOnlyDictionary<RoomId, RoomViews> All() => RoomViews.Read(Keys, Pairs(Keys.Prefix));

    /// <summary>
    /// Has every room looked at again and again: all that there are and all that <paramref name="running"/> names when the views were listed, then each whose views change,
    /// and all again after the watch broke. Runs until cancelled.
    /// </summary>
    /// <param name="running">The rooms of which something really runs here, wanted or not.</param>
    public async Task Drive(KeyedScheduler<RoomId> scheduler, Func<IEnumerable<RoomId>> running, CancellationToken ct)
    {
        Changed += scheduler.Schedule;
        Listed += ScheduleAll;
        try
        {
            await WhenSynced(ct); // not earlier: unknown views would look like rooms that nobody wants
            ScheduleAll();
            await scheduler.Run(ct);
        }
        finally
        {
            Changed -= scheduler.Schedule;
            Listed -= ScheduleAll;
        }

        void ScheduleAll()
        {
            foreach (var room in Rooms().Union(running()))
                scheduler.Schedule(room);
        }
    }

    private IEnumerable<(string Key, ReadOnlyMemory<byte> Json)> Pairs(string prefix) => mirror.Under(prefix).Select(pair => (pair.Key, pair.Value));
}
