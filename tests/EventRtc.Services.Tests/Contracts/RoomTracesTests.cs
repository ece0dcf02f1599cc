using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Reconciling;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

/// <summary>What a worker does about a view is part of the trace of what changed it.</summary>
public sealed class RoomTracesTests : IAsyncLifetime
{
    private const string Loop = "lamps";
    private static readonly RoomId Lobby = new("lobby");

    private readonly TestFolder folder = new();
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> recorded = new();
    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private readonly ViewKeys keys = new();
    private EtcdServer server = null!;
    private EtcdClient etcd = null!;
    private ActivityListener listener = null!;
    private RoomTraces traces = null!;
    private Task mirroring = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        server = await EtcdServer.Start(folder.Path);
        etcd = new EtcdClient(new EtcdOptions { Endpoints = [server.Address] }, NullLogger<EtcdClient>.Instance);
        listener = Record();
        var mirror = new EtcdMirror(etcd, keys.Prefix, NullLogger.Instance);
        var rooms = new RoomDirectory(mirror, keys);
        traces = new RoomTraces(etcd, rooms, TimeProvider.System);
        var seen = new TaskCompletionSource();
        rooms.Changed += _ => seen.TrySetResult();
        mirroring = mirror.Run(stop.Token);
        await rooms.WhenSynced(stop.Token);
        await etcd.Put(keys.TraceKey(Lobby), Encoding.ASCII.GetBytes($"00-{trace}-{ActivitySpanId.CreateRandom()}-01"));
        await etcd.Put(keys.Meta(Lobby), "{}"u8.ToArray());
        await seen.Task.WaitAsync(ControlPlane.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAny(mirroring);
        listener.Dispose();
        await etcd.DisposeAsync();
        await server.DisposeAsync();
        stop.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_run_that_did_something_is_in_the_trace_also_when_it_asks_for_no_other()
    {
        await Run(_ => Task.FromResult(Recheck.Never));
        Assert.Equal([$"reconcile {Loop}", "watch"], recorded);
    }

    [Fact]
    public async Task A_run_that_had_nothing_to_do_is_not()
    {
        await Run(_ => Task.FromResult(Recheck.Idle));
        Assert.Empty(recorded);
    }

    [Fact]
    public async Task A_failure_keeps_the_trace_for_the_line_about_it_and_the_next_run_is_in_it_too()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(_ => throw new InvalidOperationException("refused")));
        Assert.Equal($"{trace}", failure.Data["Trace"]);

        await Run(_ => Task.FromResult(Recheck.Never));
        Assert.Equal([$"reconcile {Loop}", "watch", $"reconcile {Loop}", "watch"], recorded);
    }

    private Task<Recheck> Run(Func<RoomId, Task<Recheck>> reconcile) => traces.Follow(Loop, (room, _) => reconcile(room))(Lobby, CancellationToken.None);

    /// <summary>Of this trace alone: other tests run at the same time.</summary>
    private ActivityListener Record()
    {
        var all = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "EventRtc.Contracts",
            Sample = (ref ActivityCreationOptions<ActivityContext> asked) => asked.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.Recorded && span.TraceId == trace)
                    recorded.Enqueue(span.OperationName);
            },
        };
        ActivitySource.AddActivityListener(all);
        return all;
    }
}
