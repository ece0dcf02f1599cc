using System.Collections.Concurrent;
using System.Collections.Immutable;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Services.Tests;

/// <summary>
/// The rooms service and the projector in one, without a store: the real decider and the real folds between real Redis and real etcd.
/// Workers cannot tell the difference, and a test sees every event that their reports led to.
/// </summary>
internal sealed class RoomsInMemory : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<RoomId, (RoomState State, RoomViews Views, ImmutableList<RoomEvent> History)> rooms = [];
    private readonly ConcurrentQueue<(RoomId Room, string Caller)> questions = [];
    private readonly ConcurrentQueue<MoveRoom> moves = [];
    private readonly CancellationTokenSource stop = new();
    private readonly ViewKeys keys = new();
    private readonly EtcdClient etcd;
    private readonly Task serving;

    public RoomsInMemory(RedisClient redis, EtcdClient etcd)
    {
        this.etcd = etcd;
        var methods = new RpcMethods(NullLogger<RpcMethods>.Instance, DomainJson.Options);
        Serve<RoomCommand.ReportJanusRoom>(methods);
        Serve<RoomCommand.ReportJanusRoomDestroyed>(methods);
        Serve<RoomCommand.ReportForwarding>(methods);
        Serve<RoomCommand.ReportForwardingStopped>(methods);
        Serve<RoomCommand.ReportMixerPort>(methods);
        Serve<RoomCommand.ReportMixerReleased>(methods);
        Serve<RoomCommand.ReportAnchorJoined>(methods);
        Serve<RoomCommand.ReportAnchorLeft>(methods);
        Serve<RoomCommand.RemoveRoom>(methods);
        methods.On<FindRoom, RoomNow>(FindRoom.Method, (asked, call, _) => Task.FromResult(Answer(asked.Room, call.Caller)));
        methods.On<MoveRoom>(MoveRoom.Method, (asked, _, _) => Note(asked));
        serving = Run(new RedisRpcServer(redis, RoomsClient.Service, "test", methods, new RedisRpcServerOptions(), NullLogger<RedisRpcServer>.Instance, TimeProvider.System));
    }

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public RoomViews Views(RoomId room) => Look(room).Views;

    public IReadOnlyList<RoomEvent> History(RoomId room) => Look(room).History;

    /// <summary>The names of a room's events, without those of users.</summary>
    public IEnumerable<string> Steps(RoomId room) => History(room).Select(happened => happened.GetType().Name);

    /// <summary>How often a service asked what the log says of the room.</summary>
    public int Questions(RoomId room, string service) => questions.Count(asked => asked.Room == room && asked.Caller.StartsWith(service, StringComparison.Ordinal));

    /// <summary>What modules asked to be rid of. Moving it is the test's to do.</summary>
    public IReadOnlyCollection<MoveRoom> Moves => moves;

    /// <summary>Carries out a command as the rooms service would, and shows its events in etcd.</summary>
    /// <exception cref="RpcException">It was refused.</exception>
    public async Task Do(params IReadOnlyList<RoomCommand> commands)
    {
        await gate.WaitAsync();
        try
        {
            foreach (var command in commands)
                await CarryOut(command);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes a room's views as they were after some of its events: a projection that lags.</summary>
    public async Task Show(RoomId room, RoomViews views) => await etcd.Commit(new Txn().Then(Enum.GetValues<ViewKind>().Select(kind =>
        views.Write(kind) is { } json ? Op.Put(keys.Of(room, kind), json) : Op.Delete(keys.Of(room, kind)))));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        gate.Dispose();
    }

    private async Task CarryOut(RoomCommand command)
    {
        var (state, views, history) = Look(command.Room);
        switch (RoomDecider.Decide(state, command))
        {
            case Decision<RoomEvent>.Refused(var why):
                throw Refusals.ToRpc(why);
            case Decision<RoomEvent>.Accepted(var events) when events.Length > 0:
                var shown = events.Aggregate(views, (view, happened) => view.Apply(happened));
                lock (rooms)
                    rooms[command.Room] = (events.Aggregate(state, RoomDecider.Evolve), shown, history.AddRange(events));
                await Show(command.Room, shown);
                break;
        }
    }

    private RoomNow Answer(RoomId room, string caller)
    {
        questions.Enqueue((room, caller));
        return RoomNow.Of(Look(room).State);
    }

    private Task Note(MoveRoom move)
    {
        moves.Enqueue(move);
        return Task.CompletedTask;
    }

    private (RoomState State, RoomViews Views, ImmutableList<RoomEvent> History) Look(RoomId room)
    {
        lock (rooms)
            return rooms.GetValueOrDefault(room, (RoomDecider.Initial, RoomViews.Empty, []));
    }

    /// <summary>As a service does: again, when Redis was away or has lost its data.</summary>
    private async Task Run(RedisRpcServer server)
    {
        while (true)
        {
            try
            {
                await server.Run(stop.Token);
            }
            catch (RedisException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop.Token);
            }
        }
    }

    private void Serve<TCommand>(RpcMethods methods) where TCommand : RoomCommand =>
        methods.On<TCommand>(RoomsClient.MethodOf(typeof(TCommand)), (command, _, _) => Do(command));
}
