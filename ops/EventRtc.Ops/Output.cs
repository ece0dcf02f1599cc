using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Domain;
using EventRtc.EventStore;
using Spectre.Console;

namespace EventRtc.Ops;

/// <summary>Tables for people, JSON for programs.</summary>
internal static class Output
{
    /// <summary>Wide enough for a table's lines where there is no terminal that would cut them.</summary>
    private const int WidthOfFiles = 400;

    private static readonly JsonSerializerOptions Plain = new(DomainJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void ForFiles()
    {
        if (!Console.IsOutputRedirected)
            return;
        AnsiConsole.Profile.Capabilities.Ansi = false;
        AnsiConsole.Profile.Width = WidthOfFiles;
    }

    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Plain));

    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() is JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(Plain),
    };

    public static void Events(IEnumerable<HistoryEntry> events)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Version", "Position", "Recorded at", "Event", "By", "What it says");
        foreach (var e in events)
            table.AddRow($"{e.Version}", $"{e.Position}", IsoTime.Text(e.At), $"[aqua]{Markup.Escape(e.Type)}[/]", Markup.Escape(e.Actor), Markup.Escape(Text(e.Data)));
        AnsiConsole.Write(table);
    }
}
