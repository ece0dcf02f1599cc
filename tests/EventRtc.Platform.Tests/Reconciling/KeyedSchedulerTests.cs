using System.Collections.Concurrent;
using System.Diagnostics;
using EventRtc.Local;
using EventRtc.Platform.Tests.Hosting.Logging;
using EventRtc.Reconciling;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Reconciling;

public sealed class KeyedSchedulerTests : IAsyncDisposable
{
    private const string Name = "tested keys";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly ManualTime time = new();
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(string Key, TimeSpan At)> runs = new();
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<Recheck>>> behaviour = new();
    private readonly KeyedScheduler<string> scheduler;
    private readonly Task loop;
    private int atOnce;
    private int mostAtOnce;

    public KeyedSchedulerTests()
    {
        scheduler = new(Reconcile, new SchedulerOptions { Name = Name, Parallelism = 2 }, time, NullLogger.Instance);
        loop = scheduler.Run(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    [Fact]
    public async Task A_key_runs_at_once_when_scheduled()
    {
        scheduler.Schedule("a");
        await Ran(("a", 0));
    }

    [Fact]
    public async Task A_delayed_key_runs_when_its_time_has_come_and_not_before()
    {
        scheduler.Schedule("a", TimeSpan.FromMilliseconds(500));
        await Rings(500);
        time.Advance(TimeSpan.FromMilliseconds(499));
        await Rings(1);
        Assert.Empty(runs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Ran(("a", 500));
    }

    [Fact]
    public async Task Of_several_times_the_earliest_wins_and_the_key_runs_once()
    {
        scheduler.Schedule("a", TimeSpan.FromSeconds(3));
        scheduler.Schedule("a", TimeSpan.FromSeconds(1));
        scheduler.Schedule("a", TimeSpan.FromSeconds(2));
        await Rings(1_000);
        time.Advance(TimeSpan.FromSeconds(1));
        await Ran(("a", 1_000));
        time.Advance(TimeSpan.FromSeconds(5));
        await Idle();
        await Ran(("a", 1_000));
    }

    [Fact]
    public async Task What_arrives_during_a_run_leads_to_exactly_one_more_run_after_it()
    {
        var gate = Block("a");
        scheduler.Schedule("a");
        await Ran(("a", 0));
        for (var i = 0; i < 10; i++)
            scheduler.Schedule("a");
        await Idle();
        await Ran(("a", 0));

        gate.SetResult(Recheck.Never);
        await Ran(("a", 0), ("a", 0));
        await Idle();
        await Ran(("a", 0), ("a", 0));
    }

    [Fact]
    public async Task A_recheck_runs_the_key_again_after_its_time()
    {
        behaviour["a"] = _ => Task.FromResult(Recheck.After(TimeSpan.FromSeconds(30)));
        scheduler.Schedule("a");
        await Ran(("a", 0));
        await Rings(30_000);
        time.Advance(TimeSpan.FromSeconds(30));
        await Ran(("a", 0), ("a", 30_000));
    }

    [Fact]
    public async Task A_failing_key_is_retried_after_pauses_that_double_up_to_the_longest()
    {
        behaviour["a"] = _ => throw new InvalidOperationException("refused");
        scheduler.Schedule("a");
        var at = 0;
        var expected = new List<(string, int)> { ("a", 0) };
        foreach (var pause in new[] { 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000 })
        {
            await Rings(pause);
            time.Advance(TimeSpan.FromMilliseconds(pause));
            expected.Add(("a", at += pause));
            await Ran([.. expected]);
        }
    }

    [Fact]
    public async Task The_line_about_a_failure_names_its_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var rig = new LogRig();
        using var end = new CancellationTokenSource();
        var (failed, times) = (new TaskCompletionSource(), 0);
        var traced = new KeyedScheduler<string>(Fail, new SchedulerOptions { KeyName = "Room" }, TimeProvider.System, rig.Logger("Main"));
        traced.Schedule("a");
        var run = traced.Run(end.Token);
        await failed.Task; // it has been tried again: the first failure was told
        await end.CancelAsync();
        await run;

        var told = rig.Lines()[0];
        Assert.Equal(("a", $"{trace}"), (told.GetProperty("room").GetString(), told.GetProperty("trace").GetString()));

        Task<Recheck> Fail(string key, CancellationToken ct)
        {
            if (times++ > 0)
                failed.TrySetResult();
            var refused = new InvalidOperationException("refused");
            refused.BelongsTo(trace);
            throw refused;
        }
    }

    [Fact]
    public async Task News_run_a_failing_key_at_once_and_start_its_pauses_anew()
    {
        behaviour["a"] = _ => throw new InvalidOperationException("refused");
        scheduler.Schedule("a");
        await Rings(100);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Rings(200);

        scheduler.Schedule("a");

        await Ran(("a", 0), ("a", 100), ("a", 100));
        await Rings(100);
    }

    [Fact]
    public async Task A_success_starts_the_pauses_anew()
    {
        var failing = true;
        behaviour["a"] = _ => failing ? throw new InvalidOperationException("refused") : Task.FromResult(Recheck.After(TimeSpan.FromSeconds(1)));
        scheduler.Schedule("a");
        await Rings(100);
        failing = false;
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Rings(1_000);
        failing = true;
        time.Advance(TimeSpan.FromSeconds(1));
        await Rings(100);
    }

    [Fact]
    public async Task No_more_keys_run_at_once_than_allowed_and_the_rest_follows_in_order()
    {
        var gates = "abcdef".Select(name => name.ToString()).ToDictionary(key => key, Block);
        foreach (var key in gates.Keys)
            scheduler.Schedule(key);
        foreach (var (key, gate) in gates)
        {
            await Eventually.True(() => runs.Any(run => run.Key == key), Soon, $"{key} has its turn");
            gate.SetResult(Recheck.Never);
        }
        Assert.Equal(2, mostAtOnce);
    }

    [Fact]
    public async Task How_late_the_most_overdue_key_is_can_be_asked_while_all_places_are_taken()
    {
        using var shown = new ShownGauges("EventRtc.Reconciling");
        var gates = "ab".Select(name => Block($"{name}")).ToList();
        scheduler.Schedule("a");
        scheduler.Schedule("b");
        await Eventually.True(() => runs.Count == 2, Soon, "all places are taken");
        scheduler.Schedule("c", TimeSpan.FromSeconds(2));
        scheduler.Schedule("a"); // its own run is what it waits for
        Assert.Equal([0.0], Late());

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal([7.0], Late());
        gates.ForEach(gate => gate.SetResult(Recheck.Never));

        await Eventually.True(() => Late() is [0.0], Soon, "none is late");
        await stop.CancelAsync();
        await loop;
        Assert.Empty(Late());

        IReadOnlyList<double> Late() => shown.Of("eventrtc.reconcile.late", Name);
    }

    [Fact]
    public async Task Stopping_tells_the_runs_and_waits_for_their_end()
    {
        var ended = false;
        behaviour["a"] = async ct =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
            ended = true;
            return Recheck.Never;
        };
        scheduler.Schedule("a");
        await Ran(("a", 0));

        await stop.CancelAsync();
        await loop;

        Assert.True(ended);
    }

    [Fact]
    public async Task What_waited_at_a_stop_runs_after_the_next_start()
    {
        scheduler.Schedule("a", TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await loop;
        time.Advance(TimeSpan.FromSeconds(1));
        using var again = new CancellationTokenSource();
        var second = scheduler.Run(again.Token);
        await Ran(("a", 1_000));
        await again.CancelAsync();
        await second;
    }

    [Fact]
    public async Task A_second_loop_at_the_same_time_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => scheduler.Run(stop.Token));

    [Fact]
    public async Task A_recheck_in_an_eternity_is_no_trouble()
    {
        behaviour["a"] = _ => Task.FromResult(Recheck.After(TimeSpan.MaxValue));
        scheduler.Schedule("a");
        await Ran(("a", 0));
        await Rings(3_600_000);
    }

    private async Task<Recheck> Reconcile(string key, CancellationToken ct)
    {
        lock (runs)
            mostAtOnce = Math.Max(mostAtOnce, ++atOnce);
        try
        {
            runs.Enqueue((key, TimeSpan.FromTicks(time.GetTimestamp())));
            return behaviour.TryGetValue(key, out var act) ? await act(ct) : Recheck.Never;
        }
        finally
        {
            lock (runs)
                atOnce--;
        }
    }

    private TaskCompletionSource<Recheck> Block(string key)
    {
        var gate = new TaskCompletionSource<Recheck>(TaskCreationOptions.RunContinuationsAsynchronously);
        behaviour[key] = ct => gate.Task.WaitAsync(ct); // a test that fails must not hang
        return gate;
    }

    private Task Ran(params (string Key, int Milliseconds)[] expected) => Eventually.True(
        () => runs.Where(run => !run.Key.StartsWith("last", StringComparison.Ordinal)).SequenceEqual(expected.Select(run => (run.Key, TimeSpan.FromMilliseconds(run.Milliseconds)))),
        Soon,
        $"the runs are {string.Join(", ", expected)}");

    private Task Rings(int milliseconds) =>
        Eventually.True(() => time.NextRing == TimeSpan.FromMilliseconds(milliseconds), Soon, $"the scheduler sleeps {milliseconds} ms");

    /// <summary>Whatever the scheduler had to start, it has started: a key that was scheduled after it has run.</summary>
    private async Task Idle()
    {
        var last = $"last {Guid.NewGuid()}";
        scheduler.Schedule(last);
        await Eventually.True(() => runs.Any(run => run.Key == last), Soon, "the scheduler has done everything before");
    }
}
