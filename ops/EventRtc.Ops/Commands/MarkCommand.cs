using System.CommandLine;
using EventRtc.Domain;
using EventRtc.Ops.Modules;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc mark MODULE LABEL</c> and <c>eventrtc unmark MODULE</c></summary>
internal static class MarkCommand
{
    public static Command Build()
    {
        var module = ModuleArgument.Named();
        var label = new Argument<string>("LABEL") { Description = "ready: as without a mark; cordon: no new rooms; draining: its rooms move away; drained: has none; unready: not to be trusted." }
            .AcceptOnlyFromAmong([.. ModuleLabels.All]);
        var ttl = TtlOption();
        var token = RoomsService.TokenOption();
        return new Command("mark", "Says how rooms are placed on a module, also before it comes. Example: eventrtc mark januses/janus-1 cordon --ttl 1h") { module, label, ttl, token }.Does(async (arguments, ct) =>
        {
            using var rooms = new RoomsService(arguments.GetValue(token));
            var meant = await ModuleArgument.Find(rooms, arguments.GetRequiredValue(module), ct);
            var (word, time) = (arguments.GetRequiredValue(label), arguments.GetValue(ttl));
            await rooms.Mark(meant, word, time, ct);
            AnsiConsole.WriteLine($"{meant} is marked {word}{(time > TimeSpan.Zero ? $" for {DurationOption.Text(time)}" : "")}.");
            return Failures.Done;
        });
    }

    public static Command BuildUnmark()
    {
        var module = ModuleArgument.Named();
        var token = RoomsService.TokenOption();
        return new Command("unmark", "Takes a module's mark away: it takes rooms again. Example: eventrtc unmark januses/janus-1") { module, token }.Does(async (arguments, ct) =>
        {
            using var rooms = new RoomsService(arguments.GetValue(token));
            var meant = await ModuleArgument.Find(rooms, arguments.GetRequiredValue(module), ct);
            await rooms.RemoveMark(meant, ct);
            AnsiConsole.WriteLine($"{meant} has no mark.");
            return Failures.Done;
        });
    }

    /// <summary>Zero without it: the mark has no end.</summary>
    public static Option<TimeSpan> TtlOption() => DurationOption.Named(
        "--ttl", $"How long the mark holds: 30m, 1h, at most {ModuleCommand.LongestTtl.TotalHours:0}h. Without it: until it is taken away.", TimeSpan.Zero, TimeSpan.FromSeconds(1), ModuleCommand.LongestTtl);
}
