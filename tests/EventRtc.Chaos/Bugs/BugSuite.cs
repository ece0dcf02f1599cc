using System.Text.Json;
using EventRtc.Local;
using Spectre.Console;

namespace EventRtc.Chaos.Bugs;

/// <summary>Whether the suite would notice: known bugs are put back, one by one, and each must show.</summary>
internal static class BugSuite
{
    /// <param name="names">Empty for all.</param>
    /// <param name="limit">The longest time of faults for each.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] names, TimeSpan limit, int seed, bool json, CancellationToken ct)
    {
        var results = new List<Result>();
        foreach (var bug in Bug.All.Where(bug => names.Length == 0 || names.Contains(bug.Name, StringComparer.Ordinal)))
        {
            results.Add(await Try(bug, limit, seed, ct));
            if (!json)
                Console.Error.WriteLine($"{bug.Name}: {results[^1].What}");
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
        else
            Print(results);
        return results.All(result => result.Caught) ? 0 : 1;
    }

    private static async Task<Result> Try(Bug bug, TimeSpan limit, int seed, CancellationToken ct)
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
