using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests;

/// <summary>A worker and what it needs around it: etcd, Redis, and somebody who takes its reports. One for all tests of a class.</summary>
public abstract class WorkerRig : IAsyncLifetime
{
    /// <summary>Longer than anything here should take; short enough that a failing test does not hold up the others.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static readonly ModuleId JanusId = new("janus-1");
    internal static readonly ModuleId MixerId = new("mixer-1");

    private readonly TestFolder folder = new();
    private readonly List<ServiceProcess> workers = [];
    private EtcdServer etcdServer = null!;

    internal RoomsInMemory Rooms { get; private set; } = null!;

    internal EtcdClient Etcd { get; private set; } = null!;

    internal RedisServer Redis { get; private set; } = null!;

    internal RedisClient RedisCalls { get; private set; } = null!;

    /// <summary>The worker under test; the last one started when there are several.</summary>
    internal ServiceProcess Worker => workers[^1];

    public virtual async ValueTask InitializeAsync()
    {
        etcdServer = await EtcdServer.Start(folder.Sub("etcd"));
        Redis = await RedisServer.Start(folder.Sub("redis"));
        Etcd = new EtcdClient(new EtcdOptions { Endpoints = [etcdServer.Address] }, NullLogger<EtcdClient>.Instance);
        RedisCalls = new RedisClient(new RedisOptions { Address = Redis.Address }, NullLogger<RedisClient>.Instance);
        Rooms = new RoomsInMemory(RedisCalls, Etcd);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var worker in workers)
            await worker.DisposeAsync();
        await Rooms.DisposeAsync();
        await RedisCalls.DisposeAsync();
        await Etcd.DisposeAsync();
        await Redis.DisposeAsync();
        await etcdServer.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A room that no other test uses.</summary>
    internal static RoomId NewRoom() => new($"r{Guid.NewGuid():N}"[..12]);

    internal static string NewNonce() => $"{Guid.NewGuid():N}"[..16];

    internal string Sub(string name) => folder.Sub(name);

    /// <summary>Starts a worker as the process that it is.</summary>
    internal async Task Start(string name, string project, Dictionary<string, string?> variables) => workers.Add(await StartService(name, project, variables));

    /// <summary>Starts a service of ours against this rig's etcd and Redis. Whoever starts it ends it.</summary>
    internal async Task<ServiceProcess> StartService(string name, string project, Dictionary<string, string?> variables)
    {
        variables["ETCD_ENDPOINTS"] = etcdServer.Address;
        variables["REDIS_ADDR"] = Redis.Address;
        var service = new ServiceProcess(name, folder.Sub(name), project, FreePort.Any(), variables);
        await service.Start();
        return service;
    }

    /// <summary>Kills the worker with its children, does something meanwhile, and starts it again whatever comes of that: other tests need it.</summary>
    internal async Task WhileKilled(Func<Task> act)
    {
        await Worker.Kill();
        try
        {
            await act();
        }
        finally
        {
            await Worker.Start();
        }
    }

    internal Task StartLive(RoomId room, string? nonce = null, ModuleId? janus = null, ModuleId? mixer = null) => Rooms.Do(
        new RoomCommand.CreateRoom(room, "123456", 3, RoomsInMemory.Now),
        new RoomCommand.StartLive(room, janus ?? JanusId, mixer ?? MixerId, nonce ?? NewNonce(), RoomsInMemory.Now));

    /// <summary>The room goes, and another one of its id goes on air.</summary>
    internal async Task StartAnew(RoomId room, string nonce)
    {
        await Rooms.Do(new RoomCommand.RemoveRoom(room, "test", RoomsInMemory.Now), new RoomCommand.DiscardRoom(room, RoomsInMemory.Now));
        await StartLive(room, nonce);
    }

    internal Task Remove(RoomId room) => Rooms.Do(new RoomCommand.RemoveRoom(room, "test", RoomsInMemory.Now));

    internal async Task<Heartbeat?> HeartbeatAt(string key) =>
        await Etcd.Get(key) is { } found ? JsonSerializer.Deserialize<Heartbeat>(found.Value.Span, DomainJson.Options) : null;
}
