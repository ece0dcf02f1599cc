using System.Collections.Concurrent;

namespace EventRtc.Chaos;

/// <summary>What happens during a run, from many sides at once.</summary>
internal sealed class Record
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> violations = new();

    public IReadOnlyDictionary<string, long> Counts => counts;

    public IReadOnlyList<string> Violations => [.. violations];

    public void Count(string what) => counts.AddOrUpdate(what, 1, (_, before) => before + 1);

    public void Violation(string what) => violations.Enqueue(what);
}
