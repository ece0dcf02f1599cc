using System.Globalization;
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
            Write(TableOf(figures));
        return figures.All(figure => figure.Ok) ? 0 : 1;
    }

    /// <summary>The cells of a figure: name, value, floor, ratio, bar.</summary>
    public static string[] Cells(Figure f) =>
        [f.Name, $"{Number(f.Value)} {f.Unit}", f.Floor is { } floor ? $"{Number(floor)} {f.Unit}" : "", f.Ratio is { } ratio ? $"{Number(ratio)} x" : "", f.Bar ?? ""];

    private static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.Ansi = false; // no colours in a file
            AnsiConsole.Profile.Width = 140;
        }
        AnsiConsole.Write(table);
    }

    private static Table TableOf(IReadOnlyList<Figure> figures)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Figure", "Value", "Floor", "Ratio", "Bar", "");
        foreach (var f in figures)
            table.AddRow([.. Cells(f).Select(Markup.Escape), f.Target is null ? "" : f.Ok ? "[green]ok[/]" : "[red]missed[/]"]);
        return table;
    }

    private static string Number(double value) => value.ToString(value >= 1000 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
