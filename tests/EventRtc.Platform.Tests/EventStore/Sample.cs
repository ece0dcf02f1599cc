using EventRtc.EventStore;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>Events and headers to append where their content does not matter.</summary>
internal static class Sample
{
    public static readonly StreamId Lobby = new("room-lobby");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static EventHeaders Headers(Guid? command = null) => new("user:ada", command ?? Guid.NewGuid(), "errand-1");

    /// <summary>As many events as one command decided on.</summary>
    public static NewEvent[] Events(Guid command, int count = 1) =>
        [.. Enumerable.Range(0, count).Select(i => new NewEvent(
            EventId.For(command, i), "room_created", "EventRtc.Domain.Rooms.RoomEvent+RoomCreated, EventRtc.Domain", $$"""{"number":{{i}}}""", Noon))];

    /// <summary>For tests to which the hashes do not matter: the answer is without its tip.</summary>
    public static async Task<AppendResult> Append(this PostgresEventStore store, StreamId stream, long expected, int count = 1, Guid? command = null, CancellationToken ct = default)
    {
        var id = command ?? Guid.NewGuid();
        var result = await store.Append(stream, new StreamTip(expected, null), Events(id, count), Headers(id), ct);
        return result is AppendResult.Appended appended ? appended with { Tip = StreamTip.None } : result;
    }

    /// <summary>Appends one event however often somebody else is faster.</summary>
    public static async Task<AppendResult.Appended> AppendAnyhow(this PostgresEventStore store, StreamId stream)
    {
        var result = await store.Append(stream, 0);
        while (result is AppendResult.VersionConflict conflict)
            result = await store.Append(stream, conflict.Actual);
        return (AppendResult.Appended)result;
    }
}
