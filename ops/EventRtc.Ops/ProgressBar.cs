using System.Diagnostics;
using EventRtc.EventStore;
using Spectre.Console;

namespace EventRtc.Ops;

/// <summary>Shows how far a reading of the log has come and how fast it is, where a terminal is there to show it.</summary>
internal static class ProgressBar
{
    /// <param name="last">The position at which the reading will end, or about that.</param>
    public static async Task<T> Show<T>(string what, Position last, Func<Action<LogDigest>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return await work(null);
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(what, maxValue: Math.Max(1, last.Value));
                var watch = Stopwatch.StartNew();
                var result = await work(read =>
                {
                    bar.Value = read.Last.Value;
                    bar.Description = $"{what}: {read.Count:N0} events, {read.Count / Math.Max(0.001, watch.Elapsed.TotalSeconds):N0}/s";
                });
                bar.Value = bar.MaxValue;
                return result;
            });
    }
}
