using System.CommandLine;
using EventRtc.EventStore;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc history ROOM</c></summary>
internal static class HistoryCommand
{
    public static Command Build()
    {
        var room = new Argument<string>("ROOM") { Description = "The room's id." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var from = TimeOption.Named("--from", "Leaves out what was recorded before.");
        var to = TimeOption.Named("--to", "Leaves out what was recorded after.");
        var token = Caller.TokenOption();
        return new Command("history", "Shows everything that happened to a room, also to those that had its id before. Example: eventrtc history lobby --from 2026-03-01T12:00:00Z") { room, json, from, to, token }
            .Does((arguments, ct) => Run(arguments.GetRequiredValue(room), arguments.GetValue(json), arguments.GetValue(from), arguments.GetValue(to), arguments.GetValue(token), ct));
    }

    private static async Task<int> Run(string room, bool json, DateTimeOffset? from, DateTimeOffset? to, string? token, CancellationToken ct)
    {
        var caller = Caller.By(token);
        await using var store = Servers.Store();
        var shown = (await RoomLog.Read(store, room, ct)).Where(e => !(e.At < from) && !(e.At > to)).Select(e => HistoryEntry.Of(e, caller.Masked));
        if (json)
            foreach (var entry in shown)
                Output.Json(entry);
        else
            Output.Events(shown);
        return Failures.Done;
    }
}
