using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Chaos.Checks;

/// <summary>
/// Goes through all that the views ever showed: with each version that was written they were what the log had made of the room by then. Keys that somebody drops say
/// nothing; whoever writes any must have written all.
/// </summary>
internal static class NeverBack
{
    public static void Check(LogAtRest log, IReadOnlyList<ViewChange> changes, ViewKeys keys, Record record)
    {
        var streams = log.Events.GroupBy(e => e.Stream.Value).ToDictionary(stream => stream.Key, stream => stream.ToList(), StringComparer.Ordinal);
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var revision in changes.GroupBy(change => change.Revision))
        {
            foreach (var change in revision)
                if (change.Value is { } value)
                    shown[change.Key] = value;
                else
                    shown.Remove(change.Key);
            foreach (var room in revision.Where(change => change.Value is not null).Select(change => change.RoomIn(keys.Prefix) ?? change.RoomIn(keys.AppliedPrefix)).OfType<RoomId>().Distinct())
                Compare(room, revision.Key, shown, streams.GetValueOrDefault(StreamNames.Of(room), []), keys, record);
        }
        record.Most("changes of views looked at", changes.Count);
    }

    private static void Compare(RoomId room, long revision, Dictionary<string, string> shown, List<RecordedEvent> stream, ViewKeys keys, Record record)
    {
        if (!long.TryParse(shown.GetValueOrDefault(keys.AppliedKey(room)), out var version))
        {
            record.Violation($"views without a version: {room} at revision {revision}");
            return;
        }
        var wanted = LogAtRest.At(stream, version).Views;
        foreach (var kind in Enum.GetValues<ViewKind>())
        {
            var should = wanted.Write(kind) is { } json ? System.Text.Encoding.UTF8.GetString(json) : null;
            if (shown.GetValueOrDefault(keys.Of(room, kind)) != should)
                record.Violation($"views of another version: {keys.Of(room, kind)} at revision {revision} was not what version {version} makes of it");
        }
    }
}
