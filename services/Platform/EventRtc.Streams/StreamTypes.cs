namespace EventRtc.Streams;

/// <summary>One field of a stream entry or of a hash.</summary>
public readonly record struct NameValueEntry(string Name, RedisValue Value);

/// <summary>Where to read in one stream. The id is exclusive: entries after it are returned.</summary>
/// <param name="Position">An entry id such as <c>1700000000000-0</c>, or one of the constants.</param>
public readonly record struct StreamPosition(string Key, string Position)
{
    /// <summary>From the first entry on. In a group: the consumer's own entries that it has not acknowledged.</summary>
    public const string Beginning = "0-0";

    /// <summary>Without a group: only entries added after this read began.</summary>
    public const string End = "$";

    /// <summary>In a group: entries that no consumer has got yet.</summary>
    public const string NewMessages = ">";
}

/// <param name="Id"><c>milliseconds-sequence</c>.</param>
/// <param name="Values">In the order they were added; a name may occur twice. Empty when the entry was trimmed while it was pending.</param>
public sealed record StreamEntry(string Id, IReadOnlyList<NameValueEntry> Values)
{
    /// <summary>The first field of that name; null when there is none.</summary>
    public RedisValue this[string name]
    {
        get
        {
            foreach (var field in Values)
                if (field.Name == name)
                    return field.Value;
            return RedisValue.Null;
        }
    }
}

/// <summary>What a read found in one stream.</summary>
public sealed record RedisStream(string Key, IReadOnlyList<StreamEntry> Entries);

/// <param name="NextStartId">Where to go on; <c>0-0</c> when the pending entries have been gone through.</param>
/// <param name="ClaimedEntries">Now pending for the caller.</param>
/// <param name="DeletedIds">Were pending, but have been trimmed from the stream meanwhile; Redis forgets them.</param>
public sealed record StreamAutoClaimResult(string NextStartId, IReadOnlyList<StreamEntry> ClaimedEntries, IReadOnlyList<string> DeletedIds);

/// <param name="Length">Entries in the stream.</param>
/// <param name="LastGeneratedId">The highest id ever added, also when that entry was trimmed; <c>0-0</c> when there was none.</param>
public sealed record StreamInfo(long Length, string LastGeneratedId);

/// <param name="Pending">Entries that consumers got and have not acknowledged.</param>
/// <param name="LastDeliveredId">The highest id that a consumer got; <c>0-0</c> when there was none.</param>
/// <param name="Waiting">Entries that no consumer has got yet; null when Redis cannot tell, because one in their midst was deleted.</param>
public sealed record StreamGroup(string Name, long Pending, string LastDeliveredId, long? Waiting);
