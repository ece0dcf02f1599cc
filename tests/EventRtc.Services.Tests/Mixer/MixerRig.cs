using System.Globalization;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Projections;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>The mixer worker as the process that it is, with real ffmpegs. Its clocks run fast.</summary>
public class MixerRig : WorkerRig
{
    internal const string Secret = "a secret of at least thirty-two bytes";
    internal static readonly ModuleId OtherMixer = new("mixer-2");
    private readonly int hlsPort = FreePort.Any();

    internal HlsListener Listener { get; private set; } = null!;

    internal string RoomFolders => Path.Combine(WorkDir, MixerId.Value, "rooms");

    protected virtual string WorkDir => Sub("hls");

    protected virtual IReadOnlyDictionary<string, string?> Changes { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Listener = new HlsListener(new Uri($"http://127.0.0.1:{hlsPort}"));
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MIXER_ID"] = MixerId.Value,
            ["MIXER_HLS_ADDR"] = $"127.0.0.1:{hlsPort}",
            ["MIXER_WORK_DIR"] = WorkDir,
            ["MIXER_RTP_PORTS"] = "12000-13999",
            ["MIXER_RECHECK"] = "300ms",
            ["MIXER_LINGER"] = "3s",
            ["HLS_KEY_SECRET"] = Secret,
        };
        foreach (var (name, value) in Changes)
            variables[name] = value;
        await Start("mixer-worker", "services/Mixer/EventRtc.Mixer", variables);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Listener.Dispose();
    }

    /// <summary>The process ids of a room's ffmpegs, whoever started them.</summary>
    internal IReadOnlyList<int> FfmpegsOf(RoomId room) =>
        [.. Directory.EnumerateDirectories("/proc").Where(process => WorksIn(process, Path.Combine(RoomFolders, room.Value))).Select(process => int.Parse(Path.GetFileName(process)))];

    internal async Task<int> FfmpegOf(RoomId room)
    {
        await Eventually.True(() => FfmpegsOf(room).Count == 1, Patience, "one ffmpeg runs");
        return FfmpegsOf(room)[0];
    }

    internal bool HasFolderOf(RoomId room) => Directory.Exists(Path.Combine(RoomFolders, room.Value));

    /// <summary>What housekeeping does.</summary>
    internal Task Reassign(RoomId room, ModuleId mixer, ModuleId? janus = null) =>
        Rooms.Do(new RoomCommand.ReassignModules(room, janus ?? JanusId, mixer, "test", RoomsInMemory.Now));

    /// <summary>What the other mixer does once it is ready.</summary>
    internal Task ReportOther(RoomId room) =>
        Rooms.Do(new RoomCommand.ReportMixerPort(room, OtherMixer, Rooms.Views(room).Live!.Nonce, "127.0.0.1", 19_998, 1, RoomsInMemory.Now));

    /// <summary>What a Janus worker does: says that the room's sound goes to where its mixer listens.</summary>
    internal Task Forward(RoomId room, long janusRoom, ModuleId? janus = null)
    {
        var (from, views) = (janus ?? JanusId, Rooms.Views(room));
        return Rooms.Do(
            new RoomCommand.ReportJanusRoom(room, from, views.Live!.Nonce, janusRoom, RoomsInMemory.Now),
            new RoomCommand.ReportForwarding(room, from, janusRoom, views.Mixer!.Ip, views.Mixer.Port, RoomsInMemory.Now));
    }

    internal async Task<MixerView> PortOf(RoomId room)
    {
        await Eventually.True(() => Rooms.Views(room).Mixer is not null, Patience, "the port is reported");
        return Rooms.Views(room).Mixer!;
    }

    /// <summary>What an ffmpeg that has ended left.</summary>
    internal HlsReader PlaylistOnDisk(RoomId room) => HlsReader.Read(File.ReadAllText(Path.Combine(RoomFolders, room.Value, "stream.m3u8")));

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _)
                && new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
