using System.Net;
using EventRtc.Hosting.Processes;

namespace EventRtc.Mixer.Media;

/// <summary>How ffmpeg turns one room's RTP into encrypted HLS. It runs inside the room's folder, so that every name is relative.</summary>
public static class Ffmpeg
{
    /// <summary>Seconds without any RTP after which ffmpeg gives up, with exit code 0: an end is an end, whatever the code.</summary>
    public const int SilenceLimit = 60;

    /// <summary>Length of a segment. With a player two segments behind live, an anchor is heard after about 3.4 s.</summary>
    public const int SegmentSeconds = 1;

    /// <summary>Segments in the playlist, and how many older ones stay on disk for slow players.</summary>
    public const int Window = 6, KeptBehindWindow = 3;

    /// <summary>
    /// When its mixer is killed ffmpeg is to die by KILL. Linux sends a death signal once for each of the parent's threads that the child is handed on to,
    /// one to three times as measured, and an ffmpeg that gets a second TERM drops what it writes and still renames it: the playlist is left empty.
    /// </summary>
    public static ProcessSpec Describe(string folder, IPAddress ip) => new("ffmpeg", Arguments(ip)) { WorkingDirectory = folder, DeathSignal = "KILL" };

    /// <summary>Runs it once for nothing, so that its absence shows before the first room comes.</summary>
    /// <exception cref="FileNotFoundException">It is missing.</exception>
    public static async Task MustBeThere()
    {
        await using var probe = await ChildProcess.Start(new ProcessSpec("ffmpeg", "-hide_banner", "-version"));
        if (await probe.Exited != 0)
            throw new FileNotFoundException($"ffmpeg cannot be run: {string.Join(' ', probe.LastLines)}");
    }

    private static string[] Arguments(IPAddress ip) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning",
        "-protocol_whitelist", "file,udp,rtp,crypto",
        "-analyzeduration", "0", "-probesize", "32", "-fflags", "nobuffer", "-max_delay", "100000",
        "-listen_timeout", $"{SilenceLimit}", "-localaddr", $"{ip}", "-i", HlsFolder.Sdp,
        "-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000",
        "-f", "hls", "-hls_time", $"{SegmentSeconds}", "-hls_list_size", $"{Window}", "-hls_delete_threshold", $"{KeptBehindWindow}",
        "-hls_key_info_file", HlsFolder.KeyInfo,
        // append_list: ffmpeg goes on in the playlist that is there, after a discontinuity. It must not meet -start_number.
        "-hls_flags", "delete_segments+program_date_time+temp_file+independent_segments+omit_endlist+append_list",
        "-hls_segment_filename", HlsFolder.SegmentPattern, HlsFolder.Playlist,
    ];
}
