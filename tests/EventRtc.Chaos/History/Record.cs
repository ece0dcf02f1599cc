using System.Collections.Concurrent;
using System.Text.Json;

namespace EventRtc.Chaos;

/// <summary>What happens during a run, from many sides at once: counts, what did not hold, and, when there is a file, every single thing as a line of JSON.</summary>
/// <param name="isEnough">Tells a violation after which nothing more is to be found out.</param>
internal sealed class Record(string? file = null, Func<string, bool>? isEnough = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> violations = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> inOrder = new();
    private readonly StreamWriter? history = file is null ? null : new StreamWriter(file);
    private readonly CancellationTokenSource enough = new();

    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Each once, in the order in which they were met.</summary>
    public IReadOnlyList<string> Violations => [.. inOrder];

    /// <summary>Cancelled by a violation that is enough.</summary>
    public CancellationToken Enough => enough.Token;

    public void Count(string what, long times = 1) => counts.AddOrUpdate(what, times, (_, before) => before + times);

    /// <summary>Keeps the highest number.</summary>
    public void Most(string what, long number) => counts.AddOrUpdate(what, number, (_, before) => Math.Max(before, number));

    /// <summary>Writes a line.</summary>
    /// <param name="what">Its kind: fault, command, answer, view, violation ...</param>
    public void Note(string what, object details)
    {
        if (history is null)
            return;
        var line = JsonSerializer.Serialize(new { at = TimeProvider.System.GetUtcNow(), what, details }, JsonSerializerOptions.Web);
        lock (history)
            history.WriteLine(line);
    }

    public void Violation(string what)
    {
        if (!violations.TryAdd(what, true))
            return;
        inOrder.Enqueue(what);
        Note("violation", what);
        if (isEnough?.Invoke(what) is true)
            enough.Cancel();
    }

    public void Dispose()
    {
        enough.Dispose();
        if (history is not null)
            lock (history)
                history.Dispose();
    }
}
