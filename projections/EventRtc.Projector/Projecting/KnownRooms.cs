using EventRtc.Domain;

namespace EventRtc.Projector;

/// <summary>
/// What etcd showed of rooms after this process wrote them, so that the next event needs no reading first. It may be out of date, which the guard of the write notices.
/// Bounded: of two halves the older one goes when the newer one is full, and a room that is used moves to the newer one.
/// </summary>
internal sealed class KnownRooms(int most)
{
    private readonly Lock mine = new();
    private Dictionary<RoomId, ShownRoom> newer = [];
    private Dictionary<RoomId, ShownRoom> older = [];

    /// <summary>Takes a room out; it is put back when it was written.</summary>
    public ShownRoom? Take(RoomId room)
    {
        lock (mine)
            return newer.Remove(room, out var shown) | older.Remove(room, out var former) ? shown ?? former : null;
    }

    public void Put(RoomId room, ShownRoom shown)
    {
        lock (mine)
        {
            if (newer.Count >= most / 2)
                (older, newer) = (newer, []);
            if (most > 0)
                newer[room] = shown;
        }
    }
}
