using System.CommandLine;
using EventRtc.Domain;
using EventRtc.EventStore;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc diff ROOM N M</c></summary>
internal static class DiffCommand
{
    public static Command Build()
    {
        var room = new Argument<string>("ROOM") { Description = "The room's id." };
        var from = new Argument<long>("N") { Description = "The earlier version; 0 is before the first event." };
        var to = new Argument<long>("M") { Description = "The later version." };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of tables." };
        var token = Caller.TokenOption();
        return new Command("diff", "Shows what changed in a room between two versions, field by field, and by which events. Example: eventrtc diff lobby 1 5") { room, from, to, json, token }
            .Does((arguments, ct) => Run(
                arguments.GetRequiredValue(room), arguments.GetRequiredValue(from), arguments.GetRequiredValue(to), arguments.GetValue(json), arguments.GetValue(token), ct));
    }

    private sealed record Answer(string RoomId, long From, long To, IReadOnlyList<JsonChange> Changes, IReadOnlyList<HistoryEntry> Events);

    private static async Task<int> Run(string room, long from, long to, bool json, string? token, CancellationToken ct)
    {
        var caller = Caller.By(token);
        await using var store = Servers.Store();
        var events = await RoomLog.Read(store, room, ct);
        RoomLog.Demand(from, events, least: 0);
        RoomLog.Demand(to, events, least: 0);
        if (from > to)
            throw new RefusedException($"Version {from} is later than version {to}: the earlier one comes first.");

        var (before, after) = (RoomLog.StateAt(events, from), RoomLog.StateAt(events, to));
        var changes = JsonChange.Between(before.ToJson(), after.ToJson()).Select(change => caller.Masked ? change.Masked() : change);
        var between = events.Where(e => e.Version > from && e.Version <= to).Select(e => HistoryEntry.Of(e, caller.Masked));
        var answer = new Answer(room, from, to, [.. changes], [.. between]);
        if (json)
            Output.Json(answer);
        else
            Print(answer);
        return Failures.Done;
    }

    private static void Print(Answer answer)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{answer.RoomId}[/] from version {answer.From} to {answer.To}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Field", "Was", "Is");
        foreach (var change in answer.Changes)
            table.AddRow(Markup.Escape(change.Field), $"[red]{Markup.Escape(Output.Text(change.Old))}[/]", $"[green]{Markup.Escape(Output.Text(change.New))}[/]");
        AnsiConsole.Write(table);
        Output.Events(answer.Events);
    }
}
