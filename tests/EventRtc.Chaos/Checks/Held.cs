using EventRtc.Domain;
using System.Globalization;
using EventRtc.Janus.Admin;
using EventRtc.Janus.Rooms;
using EventRtc.Local;

namespace EventRtc.Chaos.Checks;

/// <summary>An AudioBridge room as a Janus has it.</summary>
internal sealed record HeldBridge(ModuleId Janus, RoomId Room, string Nonce, long Number, IReadOnlyList<Forwarder> Forwarders);

/// <summary>An ffmpeg process of a mixer.</summary>
/// <param name="Ports">UDP ports that it has bound, in ascending order.</param>
internal sealed record HeldFfmpeg(ModuleId Mixer, RoomId Room, int Process, IReadOnlyList<int> Ports);

/// <summary>What the Januses and the mixers really hold, by their own word and by the machine's process table.</summary>
internal sealed record Held(IReadOnlyList<HeldBridge> Bridges, IReadOnlyList<HeldFfmpeg> Ffmpegs, IReadOnlyList<string> Strange)
{
    /// <summary>Rooms by which a worker notices that its Janus restarted.</summary>
    private const string Canary = "canary";

    public static async Task<Held> Look(Deployment deployment, Stores stores, CancellationToken ct)
    {
        var (bridges, strange) = (new List<HeldBridge>(), new List<string>());
        for (var i = 0; i < stores.Januses.Count; i++)
        {
            var (id, janus) = (new ModuleId($"janus-{i + 1}"), stores.Januses[i]);
            var rooms = (await janus.ListRooms(ct)).Where(bridge => !bridge.Description.StartsWith(Canary, StringComparison.Ordinal)).ToLookup(bridge => BridgeName.Read(bridge.Description));
            strange.AddRange(rooms[null].Select(bridge => $"{id} has a room that is nobody's: '{bridge.Description}'"));
            // All at once: a worker that makes rooms without end must not be faster than the look at them.
            bridges.AddRange(await Task.WhenAll(rooms.Where(named => named.Key is not null).SelectMany(named => named.Select(async bridge =>
                new HeldBridge(id, named.Key!.Room, named.Key.Nonce, bridge.Number, await janus.ListForwarders(bridge.Number, ct))))));
        }
        return new Held(bridges, [.. FfmpegsOf(deployment)], strange);
    }

    /// <summary>Every ffmpeg that works in the folder of one of this deployment's mixers.</summary>
    private static IEnumerable<HeldFfmpeg> FfmpegsOf(Deployment deployment)
    {
        var (work, udp) = (Path.Combine(deployment.Folder, "hls-segments"), new UdpPorts());
        foreach (var process in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id) && FolderOf(process) is { } folder
                && Path.GetRelativePath(work, folder).Split('/') is [var mixer, "rooms", var name] && RoomId.TryParse(name, out var room))
                yield return new HeldFfmpeg(new ModuleId(mixer), room, id, udp.Of(id));
    }

    /// <summary>Null when it is no ffmpeg, or gone.</summary>
    private static string? FolderOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm") == "ffmpeg\n" ? new FileInfo($"{process}/cwd").LinkTarget : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
