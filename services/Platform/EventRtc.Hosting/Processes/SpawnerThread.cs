using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventRtc.Hosting.Processes;

/// <summary>
/// Starts every child from one thread that never ends. Linux binds a parent-death signal to the thread that forked, not to the process:
/// children started from a pool thread are killed when the pool retires that thread.
/// </summary>
internal static class SpawnerThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static SpawnerThread() => new Thread(Loop) { IsBackground = true, Name = "spawner" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The executable is missing or may not be run.</exception>
    public static Task Start(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static void Loop()
    {
        foreach (var start in Work.GetConsumingEnumerable())
            start();
    }
}
