using System.Globalization;
using EventRtc.Hosting.Processes;

namespace EventRtc.Mixer.Rooms;

/// <summary>ffmpeg processes of a former run of this mixer, known by the folder they work in.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills them and returns when they are gone.</summary>
    public static async Task End(string folder, TimeProvider clock, CancellationToken ct)
    {
        for (var left = Find(folder); left.Count > 0; left = Find(folder))
        {
            foreach (var process in left)
                ProcessTable.Send(process, Signal.Kill);
            await Task.Delay(Interval, clock, ct);
        }
    }

    private static List<int> Find(string folder)
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id) && IsFfmpegIn(folder, process))
                found.Add(id);
        return found;
    }

    private static bool IsFfmpegIn(string folder, string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm") == "ffmpeg\n"
                && new FileInfo($"{process}/cwd").LinkTarget is { } target && target.StartsWith($"{folder}/", StringComparison.Ordinal);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended meanwhile, or is another user's
        }
    }
}
