namespace EventRtc.Projector;

/// <summary>What is to be done, or was done, to one key.</summary>
public enum KeyChangeKind
{
    Created,
    Changed,
    Deleted,
}

/// <param name="Value">What the key is to hold; null to delete it. Views hold secrets: for etcd only.</param>
/// <param name="Leased">The key goes by itself: a tombstone, or a mark with an end.</param>
public sealed record KeyChange(KeyChangeKind Kind, string Key, byte[]? Value = null, bool Leased = false);
