using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Connections;

/// <summary>Every connection of this gateway that has joined a room, to be found by its room.</summary>
public sealed class Lobby
{
    /// <summary>How long a join waits for the user's earlier connection to clear up.</summary>
    private static readonly TimeSpan ClearingUp = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<RoomId, HashSet<Connection>> byRoom = [];
    private readonly RoomDirectory rooms;
    private readonly TimeProvider clock;

    public Lobby(RoomDirectory rooms, TimeProvider clock)
    {
        (this.rooms, this.clock) = (rooms, clock);
        rooms.Changed += Look;
    }

    /// <summary>
    /// Puts a connection there. An earlier one of the same user makes place when it is the same client's or is ending anyway, and is waited for:
    /// its farewell must not come after the new one's arrival.
    /// </summary>
    /// <returns>Why not; null when it is there.</returns>
    /// <exception cref="TimeoutException">The earlier one does not end.</exception>
    public async Task<Rejection?> Enter(Connection connection, CancellationToken ct)
    {
        while (AddOrFind(connection) is { } earlier)
        {
            if (earlier.IsOpen && earlier.Client != connection.Client)
                return GatewayRejections.AlreadyJoined;
            earlier.Close(CloseCodes.HeldElsewhere, "taken over");
            await earlier.Gone.WaitAsync(ClearingUp, clock, ct);
        }
        return null;
    }

    public void Remove(Connection connection)
    {
        lock (gate)
        {
            if (byRoom.TryGetValue(connection.Visitor.Room, out var there) && there.Remove(connection) && there.Count == 0)
                byRoom.Remove(connection.Visitor.Room);
        }
    }

    public void Tell(RoomId room, RoomStatus status)
    {
        foreach (var connection in In(room))
            connection.Tell(status);
    }

    private void Look(RoomId room)
    {
        if (In(room) is { Length: > 0 } there && rooms.Find(room) is var views)
            foreach (var connection in there)
                connection.Look(views);
    }

    private Connection[] In(RoomId room)
    {
        lock (gate)
            return byRoom.TryGetValue(room, out var there) ? [.. there] : [];
    }

    private Connection? AddOrFind(Connection connection)
    {
        lock (gate)
        {
            if (!byRoom.TryGetValue(connection.Visitor.Room, out var there))
                byRoom[connection.Visitor.Room] = there = [];
            var earlier = there.FirstOrDefault(other => other != connection && other.Visitor.User == connection.Visitor.User);
            if (earlier is null)
                there.Add(connection);
            return earlier;
        }
    }
}
