using System.Globalization;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Projections;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>The mixer worker as the process that it is, with real ffmpegs. Its clocks run fast.</summary>
public sealed class MixerRig : WorkerRig
{
    internal const string Secret = "a secret of at least thirty-two bytes";
    private readonly int hlsPort = FreePort.Any();

    internal HlsListener Listener { get; private set; } = null!;

    internal string RoomFolders => Path.Combine(WorkDir, MixerId.Value, "rooms");

    private string WorkDir => Sub("hls");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Listener = new HlsListener(new Uri($"http://127.0.0.1:{hlsPort}"));
        await Start("mixer-worker", "services/Mixer/EventRtc.Mixer", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MIXER_ID"] = MixerId.Value,
            ["MIXER_HLS_ADDR"] = $"127.0.0.1:{hlsPort}",
            ["MIXER_WORK_DIR"] = WorkDir,
            ["MIXER_RTP_PORTS"] = "12000-13999",
            ["MIXER_RECHECK"] = "300ms",
            ["HLS_KEY_SECRET"] = Secret,
        });
    }

    public override async ValueTask DisposeAsync()
    {
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
