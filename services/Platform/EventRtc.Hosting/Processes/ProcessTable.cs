using System.Globalization;
using System.Runtime.InteropServices;

namespace EventRtc.Hosting.Processes;

/// <summary>What Linux tells of other processes, read from /proc.</summary>
public static partial class ProcessTable
{
    /// <summary>Sends a signal by process id; a process that has ended is no error.</summary>
    public static void Send(int id, Signal signal) => _ = kill(id, (int)signal);

    /// <summary>The process and all its descendants, parents first.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var parents = All().ToLookup(p => p.Parent, p => p.Id);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(parents[tree[i]]);
        return tree;
    }

    /// <summary>When the process started, in clock ticks since boot; null when there is none. With the id it names a process for good: ids are used again, the pair is not.</summary>
    public static long? StartedAt(int id) => Read(id)?.StartedAt;

    /// <summary>Whether the process is held by SIGSTOP, or has ended; the latter also when its parent, held itself, has not taken note of it.</summary>
    public static bool IsStopped(int id) => Read(id) is null or { State: 'T' or 'Z' or 'X' };

    private static IEnumerable<Entry> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>();

    private static Entry? Read(int id)
    {
        try
        {
            // "id (name) state parent ..."; the name may hold spaces and parentheses. Field 22 of proc(5) is the start time.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(id, fields[0][0], int.Parse(fields[1]), long.Parse(fields[19]));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    private sealed record Entry(int Id, char State, int Parent, long StartedAt);
}
