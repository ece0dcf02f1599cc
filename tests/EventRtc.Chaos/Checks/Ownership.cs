using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;

namespace EventRtc.Chaos.Checks;

/// <summary>
/// Every bridge, forwarder, ffmpeg and port belongs to a room on air, where the log says it is; every room on air has one of each; and no room is held twice.
/// </summary>
internal static class Ownership
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);

    /// <summary>Waits for it, and then watches for a while whether it stays so.</summary>
    public static async Task<TimeSpan> Check(Deployment deployment, Stores stores, Record record, CancellationToken ct)
    {
        var took = await Settling.Within(Limit, record, "after the last fault", () => Find(deployment, stores, ct));
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Steady)
        {
            await LookOnce(deployment, stores, record, ct);
            await Task.Delay(TimeSpan.FromMilliseconds(300), ct);
        }
        return took;
    }

    private static async Task LookOnce(Deployment deployment, Stores stores, Record record, CancellationToken ct)
    {
        try
        {
            foreach (var twice in Twice(await Held.Look(deployment, stores, ct)))
                record.Violation($"after the settling: {twice}");
        }
        catch (Exception slow) when (Stores.IsOutage(slow))
        {
            record.Count("a look at the modules that came to nothing");
        }
    }

    private static async Task<IReadOnlyList<string>> Find(Deployment deployment, Stores stores, CancellationToken ct)
    {
        var held = await Held.Look(deployment, stores, ct); // before the log: what is on its way out has had its time
        var rooms = (await LogAtRest.Read(stores, ct)).Rooms();
        return [.. held.Strange, .. Twice(held), .. Orphans(held, rooms), .. rooms.SelectMany(room => Missing(room.Key, room.Value, held))];
    }

    private static IEnumerable<string> Twice(Held held) =>
    [
        .. held.Bridges.GroupBy(bridge => bridge.Room).Where(room => room.Count() > 1)
            .Select(room => $"{room.Key} is held by more than one Janus room: {string.Join(", ", room.Select(bridge => $"{bridge.Number} on {bridge.Janus}"))}"),
        .. held.Ffmpegs.GroupBy(ffmpeg => ffmpeg.Room).Where(room => room.Count() > 1)
            .Select(room => $"{room.Key} is mixed more than once: {string.Join(", ", room.Select(ffmpeg => $"process {ffmpeg.Process} of {ffmpeg.Mixer}"))}"),
        .. held.Bridges.Where(bridge => bridge.Forwarders.Count > 1).Select(bridge => $"{bridge.Room} is forwarded {bridge.Forwarders.Count} times by {bridge.Janus}"),
    ];

    private static IEnumerable<string> Orphans(Held held, IReadOnlyDictionary<RoomId, RoomViews> rooms)
    {
        foreach (var bridge in held.Bridges)
            if (OnAir(rooms, bridge.Room) is not { } live || live.JanusId != bridge.Janus || live.Nonce != bridge.Nonce)
                yield return $"{bridge.Janus} has a room for {bridge.Room}, which is not on air there";
        foreach (var ffmpeg in held.Ffmpegs)
            if (OnAir(rooms, ffmpeg.Room)?.MixerId != ffmpeg.Mixer)
                yield return $"{ffmpeg.Mixer} runs an ffmpeg for {ffmpeg.Room}, which is not on air there";
    }

    private static LiveMeta? OnAir(IReadOnlyDictionary<RoomId, RoomViews> rooms, RoomId room) =>
        rooms.GetValueOrDefault(room)?.Live is { Status: LiveStatus.OnAir } live ? live : null;

    private static IEnumerable<string> Missing(RoomId room, RoomViews views, Held held)
    {
        if (views.Live?.Status is LiveStatus.Removing)
            yield return $"{room} is still being removed";
        if (views.Live is not { Status: LiveStatus.OnAir })
            yield break;
        var bridge = held.Bridges.FirstOrDefault(bridge => bridge.Room == room);
        if (bridge is null || views.Janus?.JanusRoomId != bridge.Number)
            yield return $"{room} is on air, and no Janus has the room that was reported";
        else if (views.Mixer is not { } mixer || views.Janus.Status is not JanusStatus.Forwarding || !bridge.Forwarders.Any(forwarder => forwarder.Ip == mixer.Ip && forwarder.Port == mixer.Port))
            yield return $"{room} is on air, and nothing is forwarded to its mixer";
        if (!held.Ffmpegs.Any(ffmpeg => ffmpeg.Room == room && views.Mixer is { } there && ffmpeg.Ports.SequenceEqual([there.Port, there.Port + 1])))
            yield return $"{room} is on air, and no ffmpeg listens where it was reported";
    }
}
