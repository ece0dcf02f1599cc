using System.Collections.Concurrent;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Reconciling;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

/// <summary>What every worker stands on: all rooms first, with what really runs, then each change, and all again whenever changes may have been missed.</summary>
public sealed class DriveTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly RoomId Wanted = new("wanted");
    private static readonly RoomId Running = new("running");

    private readonly TestFolder folder = new();
    private readonly ConcurrentQueue<RoomId> looked = new();
    private readonly CancellationTokenSource stop = new();
    private readonly ViewKeys keys = new();
    private EtcdServer server = null!;
    private EtcdClient etcd = null!;
    private Task[] loops = [];

    public async ValueTask InitializeAsync()
    {
        server = await EtcdServer.Start(folder.Path);
        etcd = new EtcdClient(new EtcdOptions { Endpoints = [server.Address], CallTimeout = TimeSpan.FromSeconds(2) }, NullLogger<EtcdClient>.Instance);
        await Change(Wanted);
        var mirror = new EtcdMirror(etcd, keys.Prefix, NullLogger.Instance);
        var scheduler = new KeyedScheduler<RoomId>(Look, new SchedulerOptions(), TimeProvider.System, NullLogger.Instance);
        loops = [mirror.Run(stop.Token), new RoomDirectory(mirror, keys).Drive(scheduler, () => [Running], stop.Token)];
        await LookedAt(Wanted, Running);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        await etcd.DisposeAsync();
        await server.DisposeAsync();
        stop.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Each_change_is_looked_at_and_nothing_else()
    {
        var another = new RoomId("another");

        await Change(another);
        await LookedAt(another);
        await etcd.DeletePrefix(keys.Room(Wanted));
        await LookedAt(Wanted);

        Assert.DoesNotContain(Running, looked);
    }

    [Fact]
    public async Task After_etcd_was_away_everything_is_looked_at_again_and_what_runs_too()
    {
        await server.Restart();

        await LookedAt(Wanted, Running);
    }

    [Fact]
    public async Task What_an_etcd_lost_is_looked_at_too()
    {
        await server.Kill();
        Directory.Delete(Path.Combine(folder.Path, "data"), recursive: true);
        await server.Start();

        await LookedAt(Wanted, Running);
    }

    private Task<Recheck> Look(RoomId room, CancellationToken ct)
    {
        looked.Enqueue(room);
        return Task.FromResult(Recheck.Never);
    }

    private Task<long> Change(RoomId room) => etcd.Put(keys.Meta(room), "{}"u8.ToArray());

    /// <summary>Since the last time.</summary>
    private async Task LookedAt(params RoomId[] rooms)
    {
        await Eventually.True(() => rooms.All(looked.Contains), Soon, $"{string.Join(", ", rooms)} are looked at");
        looked.Clear();
    }
}
