namespace EventRtc.Projector;

/// <summary>Something that is not as it has to be.</summary>
/// <param name="Kind">For programs, snake_case; one of <see cref="FindingKinds"/>.</param>
/// <param name="Where">A position, a stream or a key.</param>
/// <param name="What">For people; without secrets.</param>
public sealed record Finding(string Kind, string Where, string What);

/// <summary>What verify looks for.</summary>
public static class FindingKinds
{
    public const string Order = "position_order";
    public const string Gap = "version_gap";
    public const string StreamVersion = "stream_version";
    public const string Undecodable = "undecodable_event";
    public const string Foreign = "foreign_event";
    public const string Hash = "hash_mismatch";
    public const string Chain = "broken_chain";
    public const string Unhashed = "unhashed_event";
    public const string Parked = "parked_event";
    public const string MissingKey = "missing_key";
    public const string WrongKey = "wrong_key";
    public const string ExtraKey = "extra_key";
    public const string RedisMissing = "redis_missing";
    public const string RedisExtra = "redis_extra";
    public const string RedisDiffers = "redis_differs";
}

/// <summary>Everything that verify found; each finding is counted, the first ones are listed.</summary>
public sealed class VerifyReport
{
    public const int Listed = 1000;

    private readonly List<Finding> findings = [];
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    public long Events { get; internal set; }

    public long Streams { get; internal set; }

    /// <summary>Entries of Redis that were compared.</summary>
    public long Entries { get; internal set; }

    public bool Ok => counts.Count == 0;

    /// <summary>How many there are of each kind.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>The first <see cref="Listed"/> of them.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    internal void Add(string kind, string where, string what)
    {
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
        if (findings.Count < Listed)
            findings.Add(new Finding(kind, where, what));
    }
}
