using System.Diagnostics;
using Spectre.Console;

namespace EventRtc.Ops;

/// <summary>Shows how far some work has come, how fast it is and how long it will take, where a terminal is there to show it.</summary>
internal static class WorkBar
{
    /// <param name="work">Gets what to tell its progress, from any thread: what is counted, how many are done, and of how many. Null when nobody looks.</param>
    public static async Task<T> Show<T>(Func<Action<string, long, long>?, Task<T>> work) => Console.IsErrorRedirected
        ? await work(null)
        : await Show(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), work);

    internal static Task<T> Show<T>(IAnsiConsole terminal, Func<Action<string, long, long>, Task<T>> work) => terminal.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async progress =>
        {
            var gate = new Lock();
            var bars = new Dictionary<string, (ProgressTask Bar, Stopwatch Watch)>(StringComparer.Ordinal);
            return await work((what, done, all) =>
            {
                lock (gate)
                {
                    if (!bars.TryGetValue(what, out var shown))
                        bars.Add(what, shown = (progress.AddTask(what), Stopwatch.StartNew()));
                    shown.Bar.MaxValue = Math.Max(1, all);
                    shown.Bar.Value = done;
                    shown.Bar.Description = $"{what}: {done:N0}, {done / Math.Max(0.001, shown.Watch.Elapsed.TotalSeconds):N0}/s";
                }
            });
        });
}
