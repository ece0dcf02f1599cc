using System.CommandLine;
using System.Text.Json.Nodes;
using EventRtc.Domain;
using EventRtc.EventStore;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc state ROOM</c></summary>
internal static class StateCommand
{
    public static Command Build()
    {
        var room = new Argument<string>("ROOM") { Description = "The room's id." };
        var version = new Option<long?>("--version") { Description = "As it was after this many of its events.", HelpName = "N" };
        var at = TimeOption.Named("--at", "As it was at this time.");
        var json = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var token = Caller.TokenOption();
        var command = new Command("state", "Shows what a room was after some of its events, or is now. Example: eventrtc state lobby --at 2026-03-01T12:00:00Z") { room, version, at, json, token };
        command.Validators.Add(given =>
        {
            if (given.GetResult(version) is not null && given.GetResult(at) is not null)
                given.AddError("--version and --at exclude each other.");
        });
        return command.Does((arguments, ct) => Run(
            arguments.GetRequiredValue(room), arguments.GetValue(version), arguments.GetValue(at), arguments.GetValue(json), arguments.GetValue(token), ct));
    }

    private sealed record Answer(string RoomId, long Version, DateTimeOffset At, JsonObject State);

    private static async Task<int> Run(string room, long? version, DateTimeOffset? at, bool json, string? token, CancellationToken ct)
    {
        var caller = Caller.By(token);
        await using var store = Servers.Store();
        var events = await RoomLog.Read(store, room, ct);
        var last = Last(room, events, version, at);
        var state = RoomLog.StateAt(events, last.Version);
        var answer = new Answer(room, last.Version, last.At, (caller.Masked ? state.Masked() : state).ToJson());
        if (json)
            Output.Json(answer);
        else
            Print(answer, events[^1].Version);
        return Failures.Done;
    }

    private static RecordedEvent Last(string room, IReadOnlyList<RecordedEvent> events, long? version, DateTimeOffset? at)
    {
        if (version is { } number)
            RoomLog.Demand(number, events);
        return events.LastOrDefault(e => !(e.Version > version) && !(e.At > at))
            ?? throw new RefusedException($"Room '{room}' did not exist at {IsoTime.Text(at!.Value)}: its first event is of {IsoTime.Text(events[0].At)}.");
    }

    private static void Print(Answer answer, long newest)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{answer.RoomId}[/] at version {answer.Version} of {newest}, recorded {IsoTime.Text(answer.At)}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Field", "Value");
        foreach (var field in JsonChange.Between([], answer.State))
            table.AddRow(Markup.Escape(field.Field), Markup.Escape(Output.Text(field.New)));
        AnsiConsole.Write(table);
    }
}
