using System.CommandLine;
using EventRtc.Domain;
using EventRtc.Projector;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc rebuild</c></summary>
internal static class RebuildCommand
{
    private const int Shown = 20;

    public static Command Build()
    {
        var room = new Option<string?>("--room") { Description = "Only this room; its events alone are read.", HelpName = "ID" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Writes nothing and says what would be changed; rooms whose events are just on their way are among it." };
        var json = new Option<bool>("--json") { Description = $"One JSON object, with the first {RebuildReport.Listed} keys." };
        return new Command(
            "rebuild",
            "Makes etcd show what the log says, while everything runs: only keys that are wrong are written, so no worker notices. It may be stopped at any moment and run again: then it does what is left. Example: eventrtc rebuild --dry-run")
        { room, dryRun, json }
            .Does((arguments, ct) => Run(arguments.GetValue(room), arguments.GetValue(dryRun), arguments.GetValue(json), ct));
    }

    private static async Task<int> Run(string? room, bool dryRun, bool json, CancellationToken ct)
    {
        await using var parts = new ProjectorParts();
        var report = room is null
            ? await WorkBar.Show(bar => parts.Rebuild.Run(dryRun, bar is null ? null : progress => Tell(bar, progress), ct))
            : RoomId.TryParse(room, out var id)
                ? await parts.Rebuild.Run(id, dryRun, ct)
                : throw new RefusedException($"'{room}' is not a room id: 3 to 32 of letters, digits, '_' and '-'.");
        if (json)
            Output.Json(report);
        else
            Print(report);
        return Failures.Done;
    }

    private static void Tell(Action<string, long, long> bar, RebuildProgress progress)
    {
        bar("events", progress.Events, progress.Head);
        if (progress.Differing > 0)
            bar("rooms", progress.Rooms, progress.Differing);
    }

    private static void Print(RebuildReport report)
    {
        foreach (var key in report.Keys.Take(Shown))
            AnsiConsole.WriteLine($"{key.What,-8} {key.Key}");
        var keys = report.Created + report.Changed + report.Deleted;
        if (keys > Shown)
            AnsiConsole.WriteLine($"... and {keys - Shown:N0} more");
        AnsiConsole.WriteLine($"{report.Events:N0} events of {report.Rooms:N0} rooms read.");
        AnsiConsole.WriteLine(keys == 0
            ? "Every key is right."
            : $"Keys {(report.DryRun ? "that would be changed" : "changed")}: {report.Created:N0} created, {report.Changed:N0} changed, {report.Deleted:N0} deleted, in {report.RoomsChanged:N0} rooms{(report.ModulesChanged > 0 ? $" and {report.ModulesChanged:N0} modules" : "")}.");
    }
}
