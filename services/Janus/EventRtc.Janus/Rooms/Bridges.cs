using System.Collections.Concurrent;
using EventRtc.Janus.Admin;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// The AudioBridge rooms of our rooms on this Janus. Numbers are remembered, to spare a list of all rooms at every look; Janus itself has the last word.
/// Calls for one room come one at a time; different rooms' at once. Throws as <see cref="JanusAdmin"/> does.
/// </summary>
public sealed class Bridges(JanusAdmin janus, ILogger<Bridges> log)
{
    /// <summary>No bridge has this number: the next look asks Janus.</summary>
    private static readonly Known Unsure = new(0, "");

    private readonly ConcurrentDictionary<RoomId, Known> known = new();

    /// <summary><see cref="Count"/> may be another one now.</summary>
    public event Action? CountChanged;

    public int Count => known.Count;

    /// <summary>Those that this Janus may hold anything of.</summary>
    public IEnumerable<RoomId> Rooms() => known.Keys;

    /// <summary>The live session's bridge with its forwarders; made when there is none. An earlier session's bridge is destroyed.</summary>
    public async Task<(long Number, IReadOnlyList<Forwarder> Forwarders)> Ensure(BridgeName name, string pin, CancellationToken ct)
    {
        if (known.TryGetValue(name.Room, out var held) && held.Nonce == name.Nonce && await ForwardersOf(held.Number, ct) is { } forwarders)
            return (held.Number, forwarders);

        // Not known, or lost with a restart of Janus. A request that timed out may have made it, so Janus is asked before another is made.
        var found = await Find(name.Room, ct);
        var mine = found.FirstOrDefault(bridge => BridgeName.Read(bridge.Description) == name);
        foreach (var stale in found.Where(bridge => bridge != mine))
            await janus.DestroyRoom(stale.Number, ct);
        var number = mine?.Number ?? await Create(name, pin, ct);
        known[name.Room] = new Known(number, name.Nonce);
        CountChanged?.Invoke();
        return (number, mine is null ? [] : await ForwardersOf(number, ct) ?? []);
    }

    /// <summary>Leaves nothing of a room; also not of a former run.</summary>
    public async Task Destroy(RoomId room, CancellationToken ct)
    {
        foreach (var bridge in await Find(room, ct))
        {
            await janus.DestroyRoom(bridge.Number, ct);
            log.LogInformation("{Room}: bridge {Number} is destroyed", room, bridge.Number);
        }
        if (known.TryRemove(room, out _))
            CountChanged?.Invoke();
    }

    /// <summary>Stops whatever a room's bridge sends; who is in it stays.</summary>
    public async Task StopForwarding(RoomId room, CancellationToken ct)
    {
        foreach (var bridge in await Find(room, ct))
            foreach (var forwarder in await ForwardersOf(bridge.Number, ct) ?? [])
                await janus.StopForwarding(bridge.Number, forwarder.StreamId, ct);
    }

    /// <summary>Janus may have lost all of it.</summary>
    public void Doubt()
    {
        foreach (var room in known.Keys)
            known[room] = Unsure;
    }

    /// <summary>Below 2^53, so that it survives every JSON reader; one that is taken is as good as never drawn.</summary>
    public static long AnyNumber() => Random.Shared.NextInt64(1, 1L << 53);

    /// <summary>Whether this Janus may hold anything of a room, as far as is known without asking it.</summary>
    public bool MayHold(RoomId room) => known.ContainsKey(room);

    /// <summary>Compares Janus's own list with what is remembered, and forgets what does not agree.</summary>
    /// <returns>Rooms to look at: their bridge has vanished, or there is one that nobody remembers, or more than one. Each is named once until it was looked at.</returns>
    public IReadOnlyCollection<RoomId> Compare(IReadOnlyList<Bridge> listed)
    {
        var there = new Dictionary<RoomId, Known>();
        foreach (var bridge in listed)
            if (BridgeName.Read(bridge.Description) is { } name)
                there[name.Room] = there.ContainsKey(name.Room) ? Unsure : new Known(bridge.Number, name.Nonce);

        var differing = there.Keys.Union(known.Keys).Where(room => known.GetValueOrDefault(room) is var held && held != Unsure && held != there.GetValueOrDefault(room)).ToList();
        foreach (var room in differing)
            known[room] = Unsure;
        if (differing.Count > 0)
            CountChanged?.Invoke();
        return differing;
    }

    private async Task<IReadOnlyList<Bridge>> Find(RoomId room, CancellationToken ct) =>
        [.. (await janus.ListRooms(ct)).Where(bridge => BridgeName.Read(bridge.Description)?.Room == room)];

    private async Task<IReadOnlyList<Forwarder>?> ForwardersOf(long number, CancellationToken ct)
    {
        try
        {
            return await janus.ListForwarders(number, ct);
        }
        catch (JanusException gone) when (gone.Code == JanusCodes.NoSuchRoom)
        {
            return null;
        }
    }

    private async Task<long> Create(BridgeName name, string pin, CancellationToken ct)
    {
        while (true)
        {
            var number = AnyNumber();
            try
            {
                await janus.CreateRoom(new NewBridge(number, name.ToString(), pin), ct);
                log.LogInformation("{Room}: bridge {Number} is made", name.Room, number);
                return number;
            }
            catch (JanusException taken) when (taken.Code == JanusCodes.RoomExists)
            {
                log.LogDebug("Bridge number {Number} is taken", number);
            }
        }
    }

    private sealed record Known(long Number, string Nonce);
}
