using System.Text.Json;
using Spectre.Console;

namespace EventRtc.Benchmarks;

/// <summary>Figures as a table for people, or one JSON object a line for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <returns>The exit code: 1 when a bar is missed.</returns>
    public static int Print(IReadOnlyList<Figure> figures, bool json)
    {
        if (json)
            foreach (var figure in figures)
                Console.WriteLine(JsonSerializer.Serialize(figure, Json));
        else
            AnsiConsole.Write(TableOf(figures));
        return figures.All(figure => figure.Ok) ? 0 : 1;
    }

    private static Table TableOf(IReadOnlyList<Figure> figures)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Figure", "Value", "Floor", "Ratio", "Bar", "");
        foreach (var f in figures)
            table.AddRow(f.Name, $"{f.Value:0.0} {f.Unit}", $"{f.Floor:0.0} {f.Unit}", $"{f.Ratio:0.00} x", $"under {f.Bar:0} {f.Unit}", f.Ok ? "[green]ok[/]" : "[red]missed[/]");
        return table;
    }
}
