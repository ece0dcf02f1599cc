using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;
using Npgsql;
using NpgsqlTypes;
using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Benchmarks;

/// <summary>Many rooms on air, each with an anchor: their events in PostgreSQL, interleaved as in life, and the right views in etcd.</summary>
internal static class RebuildData
{
    public const int Rooms = 100_000;
    public const int EventsOfARoom = 7;

    /// <summary>Rooms under way at once, so that the events of one lie this far apart.</summary>
    private const int AtOnce = 500;

    /// <summary>A room's views and version are five keys; etcd takes 128 changes in one transaction.</summary>
    private const int RoomsInATransaction = 25;

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EventTypes Types = EventTypes.Of<RoomEvent>();

    public static async Task FillStore(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using (var streams = await connection.BeginBinaryImportAsync("copy mt_streams (id, type, version) from stdin (format binary)", ct))
        {
            for (var room = 0; room < Rooms; room++)
                await streams.WriteRowAsync(ct, StreamNames.Of(IdOf(room)), "room", (long)EventsOfARoom);
            await streams.CompleteAsync(ct);
        }
        await using (var events = await connection.BeginBinaryImportAsync(
            "copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers) from stdin (format binary)", ct))
        {
            var position = 0L;
            for (var first = 0; first < Rooms; first += AtOnce)
                for (var n = 0; n < EventsOfARoom; n++)
                    for (var room = first; room < first + AtOnce; room++)
                        await Write(events, ++position, room, n, ct);
            await events.CompleteAsync(ct);
        }
        await using var settle = new NpgsqlCommand($"select setval('mt_events_sequence', {Rooms * EventsOfARoom}); analyze mt_streams; analyze mt_events; checkpoint", connection) { CommandTimeout = 300 };
        await settle.ExecuteNonQueryAsync(ct);
    }

    public static Task FillViews(EtcdClient etcd, ViewKeys keys, CancellationToken ct) => Parallel.ForEachAsync(
        Enumerable.Range(0, Rooms).Chunk(RoomsInATransaction), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
        async (rooms, token) => await etcd.Commit(new Txn().Then(rooms.SelectMany(room => Views(keys, room))), token));

    private static IEnumerable<Op> Views(ViewKeys keys, int room)
    {
        var views = RoomViews.Fold(Events(room));
        foreach (var kind in Enum.GetValues<ViewKind>())
            if (views.Write(kind) is { } json)
                yield return Op.Put(keys.Of(IdOf(room), kind), json);
        yield return Op.Put(keys.AppliedKey(IdOf(room)), Encoding.ASCII.GetBytes($"{EventsOfARoom}"));
    }

    private static async Task Write(NpgsqlBinaryImporter into, long position, int room, int n, CancellationToken ct)
    {
        var happened = Events(room)[n];
        var command = EventId.For(new Guid(room, 0, 0, new byte[8]), n);
        await into.StartRowAsync(ct);
        await into.WriteAsync(position, ct);
        await into.WriteAsync(command, ct);
        await into.WriteAsync(StreamNames.Of(IdOf(room)), ct);
        await into.WriteAsync(n + 1L, ct);
        await into.WriteAsync(EventTypes.Encode(happened), NpgsqlDbType.Jsonb, ct);
        await into.WriteAsync(Types.NameOf(happened), ct);
        await into.WriteAsync(happened.At, ct);
        await into.WriteAsync($"{happened.GetType().FullName}, EventRtc.Domain", ct);
        await into.WriteAsync($"errand-{room}", ct);
        await into.WriteAsync($"{command}", ct);
        await into.WriteAsync(
            $$"""{"actor":"user:ada","commandId":"{{command}}","correlationId":"errand-{{room}}","hash":"{{Digits(position)}}","previousHash":"{{Digits(position - AtOnce)}}"}""", NpgsqlDbType.Jsonb, ct);
    }

    private static RoomEvent[] Events(int room)
    {
        var (id, janus, mixer, number, port) = (IdOf(room), new ModuleId($"janus-{room % 40}"), new ModuleId($"mixer-{room % 40}"), 4_000_000_000 + room, 10_000 + room % 20_000);
        var (user, at) = (new UserId(new Guid(room, 1, 0, new byte[8])), Noon.AddMilliseconds(37.125 * room));
        return
        [
            new RoomCreated(id, "ab12cd", 3, at),
            new LiveStarted(id, janus, mixer, $"nonce-{room:x8}{room:x8}", at.AddMilliseconds(1)),
            new JanusRoomCreated(id, janus, number, at.AddMilliseconds(2)),
            new MixerPortAllocated(id, mixer, "10.0.0.5", port, 8090, at.AddMilliseconds(3)),
            new ForwardingStarted(id, janus, number, "10.0.0.5", port, at.AddMilliseconds(4)),
            new AnchorAdmitted(id, user, Role.Anchor, at.AddMilliseconds(5)),
            new AnchorJoined(id, user, at.AddMilliseconds(6)),
        ];
    }

    private static RoomId IdOf(int room) => new($"room-{room:x6}");

    private static string Digits(long position) => $"{position * 2654435761:x16}{position * 40503:x16}{position * 97:x16}{position:x16}";
}
