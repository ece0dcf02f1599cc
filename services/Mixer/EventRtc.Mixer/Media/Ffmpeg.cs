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

    /// <summary>
    /// Length of a segment after an end that nobody asked for. The segment that was under way is lost, and a listener two segments behind has played a whole one since the
    /// last one came: the next must not take a second. Not less than 0.5, or the playlist's target duration would be 0.
    /// </summary>
    public const double HurriedSegmentSeconds = 0.6;

    /// <summary>Seconds in the playlist, and how many older segments stay on disk for slow players.</summary>
    public const int WindowSeconds = 6, KeptBehindWindow = 3;

    /// <summary>
    /// When its mixer is killed ffmpeg is to die by KILL. Linux sends a death signal once for each of the parent's threads that the child is handed on to,
    /// one to three times as measured, and an ffmpeg that gets a second TERM drops what it writes and still renames it: the playlist is left empty.
    /// </summary>
    /// <param name="hurried">Listeners wait for the next segment.</param>
    public static ProcessSpec Describe(string folder, IPAddress ip, bool hurried = false) =>
        new("ffmpeg", Arguments(ip, hurried ? HurriedSegmentSeconds : SegmentSeconds)) { WorkingDirectory = folder, DeathSignal = "KILL" };

    /// <summary>Runs it once for nothing, so that its absence shows before the first room comes.</summary>
    /// <exception cref="FileNotFoundException">It is missing.</exception>
    public static async Task MustBeThere()
    {
        await using var probe = await ChildProcess.Start(new ProcessSpec("ffmpeg", "-hide_banner", "-version"));
        if (await probe.Exited != 0)
            throw new FileNotFoundException($"ffmpeg cannot be run: {string.Join(' ', probe.LastLines)}");
    }

    private static string[] Arguments(IPAddress ip, double segment) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning",
        "-protocol_whitelist", "file,udp,rtp,crypto",
        "-analyzeduration", "0", "-probesize", "32", "-fflags", "nobuffer", "-max_delay", "100000",
        "-listen_timeout", $"{SilenceLimit}", "-localaddr", $"{ip}", "-i", HlsFolder.Sdp,
        "-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000",
        "-f", "hls", "-hls_time", $"{segment}", "-hls_list_size", $"{WindowSeconds / segment:0}", "-hls_delete_threshold", $"{KeptBehindWindow}",
        "-hls_key_info_file", HlsFolder.KeyInfo,
        // append_list: ffmpeg goes on in the playlist that is there, after a discontinuity. It must not meet -start_number.
        "-hls_flags", "delete_segments+program_date_time+temp_file+independent_segments+omit_endlist+append_list",
        "-hls_segment_filename", HlsFolder.SegmentPattern, HlsFolder.Playlist,
    ];
}
