using System.Text.Json;
using EventRtc.Local;
using Spectre.Console;

namespace EventRtc.Chaos.Bugs;

/// <summary>Whether the suite would notice: known bugs are put back, one by one, and each must show.</summary>
/// <param name="limit">The longest time of faults for each.</param>
/// <param name="control">The bugs are left out, and nothing may show: else it is the faults themselves that do.</param>
internal sealed class BugSuite(TimeSpan limit, int seed, bool control)
{
    /// <param name="names">Empty for all.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> Run(string[] names, bool json, CancellationToken ct)
    {
        var results = new List<Result>();
        foreach (var bug in Bug.All.Where(bug => names.Length == 0 || names.Contains(bug.Name, StringComparer.Ordinal)))
        {
            results.Add(control ? await Control(bug, ct) : await Try(bug, ct));
            if (!json)
                Console.Error.WriteLine($"{bug.Name}: {results[^1].What}");
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
        else
            Print(results);
        return results.All(result => result.Caught != control) ? 0 : 1;
    }

    private async Task<Result> Control(Bug bug, CancellationToken ct)
    {
        var outcome = await SystemChaos.Run(bug.Aim, limit, seed, _ => true, ct);
        return new Result(bug.Name, outcome.Violations.Count > 0, outcome.Violations is [var first, ..] ? first : "without the bug: nothing", outcome.Seconds);
    }

    private async Task<Result> Try(Bug bug, CancellationToken ct)
    {
        try
        {
            Checkout.BuiltElsewhere = await PatchedCopy.Build(bug);
            var outcome = await SystemChaos.Run(bug.Aim, limit, seed, bug.IsShownBy, ct);
            if (outcome.Kept is { } folder)
                Directory.Delete(folder, recursive: true); // it is known what is wrong
            return outcome.Violations.FirstOrDefault(bug.IsShownBy) is { } sign
                ? new Result(bug.Name, true, sign, outcome.Seconds)
                : new Result(bug.Name, false, outcome.Violations.Count > 0 ? $"not caught, but: {outcome.Violations[0]}" : "not caught", outcome.Seconds);
        }
        catch (InvalidOperationException unbuilt)
        {
            return new Result(bug.Name, false, unbuilt.Message, 0);
        }
        finally
        {
            Checkout.BuiltElsewhere = null;
        }
    }

    private static void Print(List<Result> results)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Capabilities.Ansi = false;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Bug", "Caught", "By", "After");
        foreach (var result in results)
            table.AddRow(result.Bug, result.Caught ? "yes" : "NO", Markup.Escape(result.What), $"{result.Seconds:0} s");
        AnsiConsole.Write(table);
    }

    /// <param name="What">What showed it, or why it was not caught.</param>
    /// <param name="Seconds">From the first fault on.</param>
    private sealed record Result(string Bug, bool Caught, string What, double Seconds);
}
