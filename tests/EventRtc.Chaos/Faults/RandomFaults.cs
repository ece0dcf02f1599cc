using System.Collections.Concurrent;
using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos.Faults;

/// <summary>Carries out the faults of an aim, several at once; what is struck already is left alone until it is back.</summary>
internal sealed class RandomFaults(Deployment deployment, Stores stores, Aim aim, Record record, Random random)
{
    /// <summary>Of starting something that was struck.</summary>
    private const int Attempts = 3;

    private readonly ConcurrentDictionary<Server, Fault> struck = new();

    /// <summary>What is being done to whom at the moment.</summary>
    public IReadOnlyList<string> Now => [.. struck.Values.Select(fault => $"{fault}").Order(StringComparer.Ordinal)];

    /// <summary>Returns when the time is over and everything is back.</summary>
    public async Task Run(CancellationToken over)
    {
        var faults = new List<Task>();
        using var watching = new CancellationTokenSource();
        var watch = Supervise(watching.Token);
        try
        {
            foreach (var fault in aim.Plan(deployment, random))
            {
                await Task.Delay(fault.After, over);
                if (struck.TryAdd(fault.Server, fault))
                    faults.Add(Cause(fault));
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over; what is struck comes back.
        }
        await Task.WhenAll(faults);
        await watching.CancelAsync();
        await watch;
    }

    private async Task Cause(Fault fault)
    {
        record.Count($"{fault}");
        record.Note("fault", new { fault = $"{fault}", seconds = fault.Lasts.TotalSeconds });
        try
        {
            await (fault.Kind switch
            {
                FaultKind.Kill => Kill(fault),
                FaultKind.Freeze => Freeze(fault),
                FaultKind.Restart => Restart(fault.Server),
                FaultKind.FlushRedis => Lose(async () => await stores.Redis.ExecuteAsync(["FLUSHALL"])),
                FaultKind.DropView => Lose(() => DropView(fault)),
                _ => Lose(async () => await stores.Etcd.DeletePrefix(stores.Keys.Prefix)),
            });
        }
        finally
        {
            record.Note("fault over", $"{fault}");
            struck.TryRemove(fault.Server, out _);
        }
    }

    private async Task Kill(Fault fault)
    {
        await fault.Server.Kill();
        await Task.Delay(fault.Lasts);
        await Start(fault.Server);
    }

    private static async Task Freeze(Fault fault)
    {
        await fault.Server.Freeze();
        await Task.Delay(fault.Lasts);
        fault.Server.Thaw();
    }

    private async Task Restart(Server server)
    {
        await server.Stop();
        await Start(server);
    }

    /// <summary>Which one follows from the plan, as far as the same ones are there.</summary>
    private async Task DropView(Fault fault)
    {
        var shown = (await stores.Etcd.List(stores.Keys.Prefix)).Items;
        if (shown.Count > 0)
            await stores.Etcd.Delete(shown[(int)(fault.After.Ticks % shown.Count)].Key);
    }

    private async Task Lose(Func<Task> lose)
    {
        try
        {
            await lose();
        }
        catch (Exception away) when (Stores.IsOutage(away))
        {
            record.Count("a loss of data that could not be caused");
        }
    }

    /// <summary>As a supervisor does: whoever cannot start while others are away is started again.</summary>
    private async Task Start(Server server)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                await server.Restart();
                return;
            }
            catch (ServerStartException failure)
            {
                record.Count($"{server.Name} was started again");
                record.Note("start failed", failure.Message);
            }
        }
        record.Violation($"{server.Name} did not start, {Attempts} times; see its log");
    }

    /// <summary>Nobody of ours may end by itself, whatever the others do.</summary>
    private async Task Supervise(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var server in deployment.Stages.SelectMany(stage => stage).Where(server => !server.IsRunning))
            {
                var alone = new Fault(TimeSpan.Zero, FaultKind.Restart, server, TimeSpan.Zero);
                if (!struck.TryAdd(server, alone))
                    continue;
                if (!server.IsRunning)
                {
                    record.Violation($"{server.Name} ended by itself; see its log");
                    await Start(server);
                }
                struck.TryRemove(server, out _);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
