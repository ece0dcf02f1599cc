using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.JsonRpc.Redis;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Has rooms moved, as a worker does that cannot hold them.</summary>
internal sealed class Mover : IAsyncDisposable
{
    private readonly Deployment at;
    private readonly EtcdClient etcd;
    private readonly RedisClient redis;
    private readonly RoomsClient rooms;
    private readonly CancellationTokenSource stop = new();
    private readonly Task replies;

    public Mover(Deployment at)
    {
        this.at = at;
        etcd = new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        redis = new RedisClient(new RedisOptions { Address = at.Redis.Address }, NullLogger<RedisClient>.Instance);
        var rpc = new RedisRpcClient(redis, $"test-{Guid.NewGuid():N}", new RedisRpcClientOptions(), NullLogger<RedisRpcClient>.Instance, TimeProvider.System, DomainJson.Options);
        rooms = new RoomsClient(rpc);
        replies = rpc.Run(stop.Token);
    }

    /// <summary>The worker of the room's mixer.</summary>
    public async Task<ServiceProcess> MixerOf(string room) => at.MixerWorkers[(await Live(room)).MixerId.Value == "mixer-1" ? 0 : 1];

    /// <summary>Returns once the move is in the log.</summary>
    public async Task ToAnotherMixer(string room)
    {
        var live = await Live(room);
        await rooms.Move(new MoveRoom(new RoomId(room), ModuleKind.Mixer, live.MixerId, live.Nonce, MoveReasons.Failed(ModuleKind.Mixer)), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await replies.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await redis.DisposeAsync();
        await etcd.DisposeAsync();
        stop.Dispose();
    }

    private async Task<LiveMeta> Live(string room)
    {
        var found = await etcd.Get(new ViewKeys().Live(new RoomId(room))) ?? throw new InvalidOperationException($"{room} is not on air");
        return JsonSerializer.Deserialize<LiveMeta>(found.Value.Span, DomainJson.Options)!;
    }
}
