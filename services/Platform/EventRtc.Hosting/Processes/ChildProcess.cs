using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventRtc.Hosting.Processes;

/// <summary>
/// A child that dies with its parent (also when that is killed), keeps the last lines of its output in a bounded ring, and is ended
/// with a grace period before force.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Lines of output kept for an error message.</summary>
    private const int KeptLines = 50;

    /// <summary>How long output may still come after the child's end: a grandchild can hold the pipes open for ever.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(1);

    private readonly Process process;
    private readonly ProcessSpec spec;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource stdoutEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stderrEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ProcessSpec spec)
    {
        this.spec = spec;
        process = new Process { StartInfo = Describe(spec), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data, stdoutEnded);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, stderrEnded);
        process.Exited += (_, _) => _ = Finish();
    }

    /// <summary>The process id; the program's own, as the wrappers that set session and death signal exec into it.</summary>
    public int Id { get; private set; }

    /// <summary>Completes with the exit code, once the output is read; 128 + N when signal N ended it.</summary>
    public Task<int> Exited => exited.Task;

    public bool IsRunning => !exited.Task.IsCompleted;

    /// <summary>The last lines of stdout and stderr, oldest first.</summary>
    public IReadOnlyList<string> LastLines => [.. lines];

    /// <exception cref="System.ComponentModel.Win32Exception">setsid (package util-linux) is missing. A missing program shows as exit code 127.</exception>
    public static async Task<ChildProcess> Start(ProcessSpec spec)
    {
        var child = new ChildProcess(spec);
        await SpawnerThread.Start(child.process);
        child.Id = child.process.Id;
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        child.process.StandardInput.Close();
        return child;
    }

    /// <summary>Sends the stop signal, waits for <paramref name="grace"/>, then kills the child and its descendants.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop(TimeSpan grace)
    {
        Send(spec.StopSignal);
        if (await Task.WhenAny(exited.Task, Task.Delay(grace)) != exited.Task)
            process.Kill(entireProcessTree: true);
        return await exited.Task;
    }

    /// <summary>kill -9 of the child alone, or with all its descendants.</summary>
    public async Task<int> Kill(bool entireTree = false)
    {
        if (IsRunning)
            process.Kill(entireTree);
        return await exited.Task;
    }

    /// <summary>Sends one signal to the child; nothing when it has ended.</summary>
    public void Send(Signal signal)
    {
        if (IsRunning)
            ProcessTable.Send(Id, signal);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill(entireTree: true);
        process.Dispose();
    }

    /// <summary>The end is told when the last words are read: they are what explains it.</summary>
    private async Task Finish()
    {
        await Task.WhenAny(Task.WhenAll(stdoutEnded.Task, stderrEnded.Task), Task.Delay(DrainWithin));
        exited.TrySetResult(process.ExitCode);
    }

    private void Keep(string? line, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }
        lines.Enqueue(line);
        while (lines.Count > KeptLines)
            lines.TryDequeue(out _);
        spec.OnLine?.Invoke(line);
    }

    private static ProcessStartInfo Describe(ProcessSpec spec)
    {
        // A session of its own: Ctrl-C at the terminal reaches only us, and we stop our children in order.
        var start = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        start.ArgumentList.Add("setpriv");
        if (spec.RunAs is { } user)
            foreach (var argument in (string[])["--reuid", user, "--regid", user, "--init-groups"])
                start.ArgumentList.Add(argument);
        foreach (var argument in (string[])["--pdeathsig", spec.DeathSignal, "--", spec.FileName, .. spec.Arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        return start;
    }
}
