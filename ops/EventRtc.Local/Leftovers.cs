using System.Globalization;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local;

/// <summary>
/// The processes of a deployment, written down as they start, so that the next start can end what a kill -9 left. A process is named by its id
/// and start time together: an id alone may belong to somebody else by now.
/// </summary>
public sealed class Leftovers(string folder)
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);
    private readonly string file = Path.Combine(folder, "processes");
    private readonly Lock gate = new();

    public void Record(int process)
    {
        lock (gate)
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{process} {ProcessTable.StartedAt(process)}\n"));
    }

    /// <summary>Ends every recorded process that still runs, with its children.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> Sweep()
    {
        if (!File.Exists(file))
            return 0;
        var left = (await File.ReadAllLinesAsync(file)).Select(Parse).Where(IsStillRunning).SelectMany(p => ProcessTable.Tree(p.Id)).ToList();
        foreach (var process in left)
            ProcessTable.Send(process, Signal.Kill);
        await Eventually.True(() => left.All(process => ProcessTable.StartedAt(process) is null), EndWithin, "the processes of a former run are gone");
        File.Delete(file);
        return left.Count;
    }

    private static (int Id, long StartedAt) Parse(string line) => line.Split(' ') switch
    {
        [var id, var started] when long.TryParse(started, CultureInfo.InvariantCulture, out var ticks) => (int.Parse(id, CultureInfo.InvariantCulture), ticks),
        _ => (0, 0),
    };

    private static bool IsStillRunning((int Id, long StartedAt) process) => process.Id > 1 && ProcessTable.StartedAt(process.Id) == process.StartedAt;
}
