using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace EventRtc.Mixer.Media;

/// <summary>One room's folder: what ffmpeg reads (SDP, key) and what it writes (playlist, segments).</summary>
/// <param name="path">Deleted with all in it when the room ends.</param>
public sealed partial class HlsFolder(string path)
{
    public const string Playlist = "stream.m3u8";
    internal const string Sdp = "room.sdp";
    internal const string KeyInfo = "key.info";
    internal const string SegmentPattern = "seg%06d.ts";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Timelines timelines = new(System.IO.Path.Combine(path, "timelines"));

    public string Path { get; } = path;

    public bool Exists => Directory.Exists(Path);

    /// <summary>Whether a name is one that listeners may fetch: the playlist or a segment, and nothing else in the folder.</summary>
    public static bool IsServed(string file) => file == Playlist || SegmentName().IsMatch(file);

    /// <summary>
    /// Makes the folder ready for ffmpeg. What an ffmpeg of the same live session left is kept and goes on; another session's
    /// (another key) is deleted.
    /// </summary>
    /// <param name="goesOn">False: another mixer may have served the session since, so what is here of it is deleted too.</param>
    /// <param name="first">The number of the first segment when nothing goes on.</param>
    public void Prepare(KeyInfo key, IPAddress ip, int port, bool goesOn, long first)
    {
        if (!goesOn || !Holds(key))
        {
            Delete();
            Directory.CreateDirectory(Path, OwnerOnly);
            File.WriteAllBytes(In(Media.KeyInfo.KeyFile), key.Key);
            WholeFile.Write(In(KeyInfo), key.Text); // last: it says whose folder this is
        }
        File.WriteAllText(In(Sdp), SdpFile.Describe(ip, port));
        if (Listed() is null)
            WholeFile.Write(In(Playlist), MediaPlaylist.Begin(first));
        timelines.Begin(NextSegment() ?? first);
    }

    /// <summary>The number of the segment that comes next; null while that is not known.</summary>
    public long? NextSegment() => Listed()?.Next;

    /// <summary>When ffmpeg had written the segment; null while it has not, and once it is deleted.</summary>
    public DateTimeOffset? WrittenAt(long segment) => new FileInfo(In($"seg{segment:000000}.ts")) is { Exists: true } file ? new DateTimeOffset(file.LastWriteTimeUtc) : null;

    /// <summary>
    /// Deletes segments that have left the window for good. ffmpeg deletes those it has listed itself; what was outside the window
    /// when it was restarted it no longer knows.
    /// </summary>
    public void Sweep()
    {
        if (Listed() is not { } listed)
            return;
        foreach (var segment in Directory.EnumerateFiles(Path, "seg*"))
            if (NumberOf(System.IO.Path.GetFileName(segment)) < listed.First - Ffmpeg.KeptBehindWindow - 1)
                File.Delete(segment);
    }

    /// <summary>A whole playlist or segment: ffmpeg renames them into place when they are complete, and whatever came of them when the disk is full.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<byte[]?> Read(string file, CancellationToken ct)
    {
        try
        {
            if (file == Playlist)
                return Listed() is { Count: > 0 } listed ? Encoding.UTF8.GetBytes(listed.InTimeline(timelines.SequenceAt(listed.First))) : null;
            var segment = await File.ReadAllBytesAsync(In(file), ct);
            return Media.KeyInfo.Read(Path).Opens(segment) ? segment : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Delete()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private MediaPlaylist? Listed() => File.Exists(In(Playlist)) ? MediaPlaylist.Parse(File.ReadAllText(In(Playlist))) : null;

    private bool Holds(KeyInfo key) => File.Exists(In(KeyInfo)) && File.ReadAllText(In(KeyInfo)) == key.Text;

    private static long? NumberOf(string file) => SegmentStart().Match(file) is { Success: true } match ? long.Parse(match.Groups[1].Value) : null;

    private string In(string file) => System.IO.Path.Combine(Path, file);

    [GeneratedRegex(@"\Aseg[0-9]{6,9}\.ts\z")]
    private static partial Regex SegmentName();

    /// <summary>Also matches the <c>.tmp</c> of a segment that a killed ffmpeg was writing.</summary>
    [GeneratedRegex(@"\Aseg([0-9]{6,9})\.ts")]
    private static partial Regex SegmentStart();
}
