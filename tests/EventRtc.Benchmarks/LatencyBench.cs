using System.Diagnostics;
using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Benchmarks;

/// <summary>
/// From the call of an append until a watcher of etcd sees what it made of the room's view, while nothing else goes on: commit, wake-up, relay, Redis, projector, guarded write. The projector is
/// the real process. The rooms are on air, and their sound stops and starts; each iteration is followed by one of the floor.
/// </summary>
internal static class LatencyBench
{
    private const int Rooms = 10;
    private const int Iterations = 600;
    private const int WarmUp = 300;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);
    private static readonly ModuleId Janus = new("janus-1");
    private static readonly ModuleId Mixer = new("mixer-1");

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        using var folder = new BenchFolder();
        await using var at = await Deployment.Start(folder.Path, DeploymentPorts.Free(), part: all => [all.Postgres, all.Redis, all.Etcd, all.Projector], ct: ct);
        await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = at.Postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        await using var etcd = new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        await using var floor = await LatencyFloor.Open(at);
        await using var seen = new Seen(etcd, ViewKeys.DefaultPrefix);
        await seen.Opened;

        var rooms = new List<Room>();
        for (var i = 0; i < Rooms; i++)
            rooms.Add(await Room.OnAir(store, new RoomId($"bench-{i}"), seen));
        List<double> measured = [], bare = [];
        for (var i = 0; i < WarmUp + Iterations; i++)
        {
            var room = rooms[i % Rooms];
            await Task.Delay(Rest, ct);
            var took = await room.Toggle(store, seen, ct);
            await Task.Delay(Rest, ct);
            var steps = await floor.Measure(room.Last);
            if (i < WarmUp)
                continue;
            measured.Add(took);
            bare.Add(steps);
            if (i % 50 == 0)
                Console.Error.Write($"\r{i} of {WarmUp + Iterations} events");
        }
        Console.Error.WriteLine();
        return
        [
            new("append_to_view_p50", Percentile.Of(measured, 50), "ms", Percentile.Of(bare, 50), Bar.AtMostTimesFloor(2)),
            new("append_to_view_p99", Percentile.Of(measured, 99), "ms", Percentile.Of(bare, 99), Bar.UnderTimesFloor(4)),
        ];
    }

    private sealed class Room(RoomId id)
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private readonly string key = new ViewKeys().Janus(id);
        private StreamTip tip;
        private bool forwarding = true;

        /// <summary>The event appended last, as the floor hands it on.</summary>
        public RecordedEvent Last { get; private set; } = null!;

        public static async Task<Room> OnAir(PostgresEventStore store, RoomId id, Seen seen)
        {
            var room = new Room(id);
            var commands = new CommandHandler<RoomState, RoomCommand, RoomEvent>(store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, TimeProvider.System);
            var at = TimeProvider.System.GetUtcNow();
            foreach (var command in (RoomCommand[])[
                new CreateRoom(id, "ab12cd", 3, at), new StartLive(id, Janus, Mixer, "nonce", at), new ReportJanusRoom(id, Janus, "nonce", 4711, at),
                new ReportMixerPort(id, Mixer, "nonce", "127.0.0.1", 5004, 8090, at)])
                await commands.Handle(StreamOf(id), command, Context());
            var shown = seen.Next(room.key);
            await commands.Handle(StreamOf(id), new ReportForwarding(id, Janus, 4711, "127.0.0.1", 5004, at), Context());
            await shown.WaitAsync(Patience);
            room.Last = (await store.ReadStream(StreamOf(id)))[^1];
            room.tip = room.Last.Tip;
            return room;
        }

        /// <returns>From the call to the watch event, in ms.</returns>
        public async Task<double> Toggle(PostgresEventStore store, Seen seen, CancellationToken ct)
        {
            var at = TimeProvider.System.GetUtcNow();
            RoomEvent happened = forwarding ? new ForwardingStopped(id, Janus, at) : new ForwardingStarted(id, Janus, 4711, "127.0.0.1", 5004, at);
            forwarding = !forwarding;
            var command = Guid.NewGuid();
            var type = EventTypes.Of<RoomEvent>().NameOf(happened);
            var e = new NewEvent(EventId.For(command, 0), type, AppendBench.DotNetType, Encoding.UTF8.GetString(EventTypes.Encode(happened)), at);

            var shown = seen.Next(key);
            var started = Stopwatch.GetTimestamp();
            var appended = (AppendResult.Appended)await store.Append(StreamOf(id), tip, [e], new EventHeaders("bench", command, "bench"), ct);
            tip = appended.Tip;
            return Stopwatch.GetElapsedTime(started, await shown.WaitAsync(Patience, ct)).TotalMilliseconds;
        }

        private static StreamId StreamOf(RoomId room) => new($"room-{room}");

        private static CommandContext Context() => new(Guid.NewGuid(), "bench", "bench");
    }
}
