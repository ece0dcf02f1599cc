namespace EventRtc.Reconciling;

public sealed record SchedulerOptions
{
    /// <summary>The loop's name in logs and metrics, such as <c>janus rooms</c>.</summary>
    public string Name { get; init; } = "reconcile";

    /// <summary>What a key is called in log lines that are written while it runs, such as <c>Room</c>.</summary>
    public string KeyName { get; init; } = "Key";

    /// <summary>The pause after a key's first failure; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Keys reconciled at once, at least 1.</summary>
    public int Parallelism
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8;
}
