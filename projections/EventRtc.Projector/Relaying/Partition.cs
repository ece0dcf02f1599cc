namespace EventRtc.Projector;

/// <summary>Which of the streams in Redis an event goes to, so that all events of one room go the same way.</summary>
public static class Partition
{
    /// <summary>FNV-1a, which any consumer computes in three lines.</summary>
    /// <returns>From 0.</returns>
    public static int Of(string stream, int partitions)
    {
        var hash = 2166136261u;
        foreach (var letter in stream)
            hash = (hash ^ letter) * 16777619u;
        return (int)(hash % (uint)partitions);
    }
}
