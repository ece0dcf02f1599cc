using EventRtc.Chaos.Load;

namespace EventRtc.Chaos.Checks;

/// <summary>Every command that was accepted is in the log exactly once, with all its events side by side; a refused one not at all; one that nobody answered once at most.</summary>
internal static class CommandsOnce
{
    public static void Check(LogAtRest log, IReadOnlyList<Command> commands, Record record)
    {
        var caused = log.Events.ToLookup(e => e.Headers.CommandId);
        foreach (var command in commands)
        {
            var events = caused[command.Id].ToList();
            var types = events.Select(e => e.Type).ToList();
            var wholeAndOnce = types.SequenceEqual(command.Events) && events.All(e => e.Stream.Value == command.Stream) && events[^1].Version == events[0].Version + events.Count - 1;
            var right = command.Answer switch
            {
                { Accepted: true } => wholeAndOnce,
                { Accepted: false } => events.Count == 0,
                null => events.Count == 0 || wholeAndOnce,
            };
            if (!right)
                record.Violation($"{command.What} ({command.Id}) was {Word(command.Answer)}, and the log has of it: {(types.Count == 0 ? "nothing" : string.Join(", ", events.Select(e => $"{e.Type} at {e.Position}")))}");
        }
        record.Most("commands looked for in the log", commands.Count);
        record.Most("events in the log", log.Events.Count);
    }

    private static string Word(Answer? answer) => answer switch
    {
        null => "not answered",
        { Accepted: true } => $"accepted ({answer.Status})",
        _ => $"refused ({answer.Code})",
    };
}
