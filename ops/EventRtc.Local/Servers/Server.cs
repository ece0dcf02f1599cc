using System.Diagnostics;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>
/// One real server as a child process in a folder of its own. It can be killed, frozen and started again on the same ports and data,
/// as faults do; it dies with this process.
/// </summary>
public abstract class Server(string name, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);
    private ChildProcess? process;

    /// <summary>Its name in tables, log files and messages.</summary>
    public string Name { get; } = name;

    /// <summary>Where its data, configuration and log lie.</summary>
    public string Folder { get; } = folder;

    /// <summary>What clients connect to.</summary>
    public abstract string Address { get; }

    public bool IsRunning => process is { IsRunning: true };

    /// <summary>The process id while it runs.</summary>
    public int? ProcessId => IsRunning ? process!.Id : null;

    /// <summary>What it wrote, of all its runs.</summary>
    public string LogFile => Path.Combine(Folder, $"{Name}.log");

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="ServerStartException">It ended or did not answer in time; the message holds its last lines.</exception>
    public async Task Start(CancellationToken ct = default)
    {
        Directory.CreateDirectory(Folder);
        await Prepare(ct);
        var log = new LineLog(LogFile);
        process = await ChildProcess.Start(Describe() with { OnLine = log.Write });
        _ = process.Exited.ContinueWith(_ => log.Dispose(), TaskScheduler.Default);
        await WaitUntilReady(process, ct);
    }

    /// <summary>kill -9 of it and all its children.</summary>
    public Task Kill() => process?.Kill(entireTree: true) ?? Task.CompletedTask;

    /// <summary>SIGSTOP of it and all its children: connections stay open, nothing answers.</summary>
    /// <remarks>Children come and go until their parent stands: the tree is looked at anew each time.</remarks>
    public Task Freeze() => Eventually.True(() => SendToTree(Signal.Stop).All(ProcessTable.IsStopped), TimeSpan.FromSeconds(5), $"{Name} is frozen");

    /// <summary>SIGCONT: goes on where it was frozen.</summary>
    public void Thaw() => SendToTree(Signal.Continue);

    /// <summary>Kills it when it runs, then starts it on the same ports and data.</summary>
    public async Task Restart(CancellationToken ct = default)
    {
        await Kill();
        await Start(ct);
    }

    /// <summary>Ends it in order.</summary>
    public Task Stop() => process is { IsRunning: true } running ? running.Stop(StopWithin) : Task.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (process is { } child)
            await child.DisposeAsync();
    }

    protected abstract ProcessSpec Describe();

    /// <summary>One quick question that only a ready server answers; a failure counts as no.</summary>
    protected abstract Task<bool> IsReady(CancellationToken ct);

    /// <summary>Writes configuration and data before a start; must be safe to repeat.</summary>
    protected virtual Task Prepare(CancellationToken ct) => Task.CompletedTask;

    private async Task WaitUntilReady(ChildProcess child, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (!await Answers(ct))
        {
            if (!child.IsRunning)
                throw new ServerStartException($"{Name} ended with exit code {await child.Exited}. Its last lines:\n{Tail(child)}");
            if (waited.Elapsed > ReadyWithin)
                throw new ServerStartException($"{Name} did not answer at {Address} within {ReadyWithin.TotalSeconds:0} s. Its last lines:\n{Tail(child)}");
            await Task.Delay(20, ct);
        }
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            return await IsReady(ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false; // refused, reset or half started: asked again until the deadline, which reports the server's own words
        }
    }

    private IReadOnlyList<int> SendToTree(Signal signal)
    {
        var tree = ProcessId is { } id ? ProcessTable.Tree(id) : [];
        foreach (var member in tree)
            ProcessTable.Send(member, signal);
        return tree;
    }

    private static string Tail(ChildProcess child) => string.Join('\n', child.LastLines.TakeLast(15).Select(line => $"  {line}"));
}

/// <summary>A server could not be started; the message is meant for the person at the terminal.</summary>
public sealed class ServerStartException(string message) : Exception(message);
