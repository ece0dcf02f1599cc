using System.CommandLine;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Ops.Modules;
using EventRtc.Projections;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc modules</c></summary>
internal static class ModulesCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var token = RoomsService.TokenOption();
        return new Command("modules", "Shows every Janus and mixer: whether it is alive, how it is marked, how full it is. Example: eventrtc modules") { json, token }.Does(async (arguments, ct) =>
        {
            using var rooms = new RoomsService(arguments.GetValue(token));
            var all = await rooms.List(ct);
            if (arguments.GetValue(json))
                foreach (var module in all)
                    Output.Json(module);
            else
                Print([.. all.Select(module => module.Deserialize<ModuleNow>(DomainJson.Options)!)]);
            return Failures.Done;
        });
    }

    private static void Print(IReadOnlyList<ModuleNow> all)
    {
        if (all.Count == 0)
        {
            AnsiConsole.WriteLine("There is no module: none gives a sign of life, none is marked, none holds a room.");
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Kind", "Id", "Mark", "Status", "Rooms", "Host", "Since");
        foreach (var module in all)
            table.AddRow(
                module.Type, Markup.Escape(module.Id.Value), Marked(module.Label), Status(module.Heartbeat), Rooms(module),
                Markup.Escape(module.Heartbeat?.Host ?? ""), module.Heartbeat is { } beat ? IsoTime.Text(beat.StartedAt)[..19] + "Z" : "");
        AnsiConsole.Write(table);
    }

    private static string Marked(string? label) => label switch
    {
        null => "",
        ModuleLabels.Ready => "[green]ready[/]",
        ModuleLabels.Cordon => "[yellow]cordon[/]",
        ModuleLabels.Draining => "[aqua]draining[/]",
        ModuleLabels.Drained => "[blue]drained[/]",
        _ => $"[red]{Markup.Escape(label)}[/]",
    };

    private static string Status(HeartbeatNow? beat) => beat?.Status switch
    {
        null => "[red]gone[/]",
        Heartbeat.Healthy => "[green]healthy[/]",
        var other => $"[yellow]{Markup.Escape(other)}[/]",
    };

    private static string Rooms(ModuleNow module)
    {
        var rooms = module.Capacity is { } capacity ? $"{module.Streams}/{capacity}" : $"{module.Streams}";
        return module.Streams >= module.Capacity || (module.Heartbeat is null && module.Streams > 0) ? $"[red]{rooms}[/]" : rooms;
    }
}
