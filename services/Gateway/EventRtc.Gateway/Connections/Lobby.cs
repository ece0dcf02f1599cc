using EventRtc.Contracts.Clients;
using EventRtc.Domain;

namespace EventRtc.Gateway.Connections;

/// <summary>Every connection of this gateway that has joined a room or is about to, to be found by its room.</summary>
public sealed class Lobby
{
    /// <summary>Connections that look after their locks at once; each asks Redis once.</summary>
    private const int LooksAtOnce = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<RoomId, HashSet<Connection>> byRoom = [];

    public void Add(Connection connection)
    {
        lock (gate)
        {
            if (!byRoom.TryGetValue(connection.Visitor.Room, out var there))
                byRoom[connection.Visitor.Room] = there = [];
            there.Add(connection);
        }
    }

    public void Remove(Connection connection)
    {
        lock (gate)
        {
            if (!byRoom.TryGetValue(connection.Visitor.Room, out var there) || !there.Remove(connection))
                return;
            if (there.Count == 0)
                byRoom.Remove(connection.Visitor.Room);
        }
    }

    /// <summary>The rooms that have connections here.</summary>
    public IReadOnlyList<RoomId> Rooms()
    {
        lock (gate)
            return [.. byRoom.Keys];
    }

    public IReadOnlyList<Connection> In(RoomId room)
    {
        lock (gate)
            return byRoom.TryGetValue(room, out var there) ? [.. there] : [];
    }

    public void Tell(RoomId room, RoomStatus status)
    {
        foreach (var connection in In(room))
            connection.Tell(status);
    }

    public void Evict(RoomId room, Eviction eviction)
    {
        foreach (var connection in In(room))
            connection.Evict(eviction);
    }

    /// <inheritdoc cref="Connection.LookAfterLock"/>
    /// <param name="all">Every connection, and not only those that may have lost theirs.</param>
    public Task LookAfterLocks(bool all, CancellationToken ct) => Parallel.ForEachAsync(
        All(), new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = ct }, async (connection, stop) => await connection.LookAfterLock(all, stop));

    private Connection[] All()
    {
        lock (gate)
            return [.. byRoom.Values.SelectMany(there => there)];
    }
}
