using System.CommandLine;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projector;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc parked list</c>, <c>retry</c> and <c>skip</c></summary>
internal static class ParkedCommand
{
    public static Command Build() => new("parked", "Events that cannot be read and hold up their room. Example: eventrtc parked list") { List(), Retry(), Skip() };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        return new Command("list", "Shows what is parked, and what was skipped. Example: eventrtc parked list") { json }.Does(async (arguments, ct) =>
        {
            await using var parts = new ProjectorParts();
            var parked = (await parts.Parking.List(ct)).Select(ParkedAnswer.Of).ToList();
            if (arguments.GetValue(json))
                parked.ForEach(Output.Json);
            else
                Print(parked);
            return Failures.Done;
        });
    }

    private static Command Retry()
    {
        var position = new Argument<long?>("POSITION") { Description = "The event's place in the log.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Everything that waits." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        return new Command("retry", "Tries events again, as after an update of the programs, also one that was skipped. Exit code 1 when one still cannot be read. Example: eventrtc parked retry 4711") { position, all, json }
            .Does(async (arguments, ct) =>
            {
                await using var parts = new ProjectorParts();
                var positions = (arguments.GetValue(position), arguments.GetValue(all)) switch
                {
                    ({ } one, false) => [new Position(one)],
                    (null, true) => (await parts.Parking.List(ct)).Where(e => e.SkippedAt is null).Select(e => e.Position).ToList(),
                    _ => throw new RefusedException("Give either a POSITION or --all."),
                };
                var outcomes = new List<ParkedOutcome>();
                foreach (var one in positions)
                    if (await parts.Parking.Retry(one, ct) is { } outcome)
                        outcomes.Add(outcome);
                    else if (positions.Count == 1)
                        throw new RefusedException($"No event at position {one} is parked.");
                outcomes.ForEach(outcome => Tell(outcome, arguments.GetValue(json), "is read"));
                return outcomes.TrueForAll(outcome => outcome.Waiting is null) ? Failures.Done : Failures.No;
            });
    }

    private static Command Skip()
    {
        var position = new Argument<long>("POSITION") { Description = "The event's place in the log." };
        var by = new Option<string?>("--by") { Description = "Who decided it, for the record. Default: the user of this machine.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "A JSON object." };
        return new Command("skip", "Leaves an event out for ever, in views and in decisions; the log keeps it, and 'parked retry' takes it in again. Example: eventrtc parked skip 4711 --by ann") { position, by, json }
            .Does(async (arguments, ct) =>
            {
                await using var parts = new ProjectorParts();
                var outcome = await parts.Parking.Skip(new Position(arguments.GetValue(position)), arguments.GetValue(by) ?? $"cli:{Environment.UserName}", ct)
                    ?? throw new RefusedException($"No event at position {arguments.GetValue(position)} is parked.");
                Tell(outcome, arguments.GetValue(json), "is left out from now on");
                return Failures.Done;
            });
    }

    private static void Tell(ParkedOutcome outcome, bool json, string done)
    {
        var (e, waiting) = outcome;
        if (json)
            Output.Json(new { Event = ParkedAnswer.Of(e), Waiting = waiting is null ? null : ParkedAnswer.Of(waiting) });
        else if (waiting?.Position == e.Position)
            AnsiConsole.WriteLine($"{e.Position} '{e.Type}' in {e.Stream} still cannot be read: {waiting.Reason}");
        else
            AnsiConsole.WriteLine($"{e.Position} '{e.Type}' in {e.Stream} {done}. {(waiting is null ? $"Nothing holds {e.Stream} up." : $"Now {waiting.Position} '{waiting.Type}' holds it up: {waiting.Reason}")}");
    }

    private static void Print(List<ParkedAnswer> parked)
    {
        if (parked.Count == 0)
        {
            AnsiConsole.WriteLine("Nothing is parked.");
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Position", "Stream", "Version", "Event", "Why", "Parked at", "Skipped");
        foreach (var e in parked)
            table.AddRow(
                $"{e.Position}", Markup.Escape(e.Stream), $"{e.Version}", Markup.Escape(e.Type), Markup.Escape(e.Reason), IsoTime.Text(e.ParkedAt),
                Markup.Escape(e.SkippedAt is { } at ? $"{IsoTime.Text(at)} by {e.SkippedBy}" : "waits"));
        AnsiConsole.Write(table);
    }
}
