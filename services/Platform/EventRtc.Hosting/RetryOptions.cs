using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting;

/// <summary>How soon a background loop that failed runs again, and the reconciling of one room; pauses double from failure to failure. Connections come back by pauses of their own.</summary>
public sealed record RetryOptions : IValidatableObject
{
    /// <summary>The pause after a first failure. Default 100 ms; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause. A loop that ran for longer begins with the first one again. Default 10 s; 10 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Longest < First)
            yield return new ValidationResult("must not be shorter than RETRY_FIRST", [nameof(Longest), nameof(First)]);
    }
}
