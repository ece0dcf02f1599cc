namespace EventRtc.EventStore;

/// <summary>What exports of the log are signed with.</summary>
public sealed record AuditOptions
{
    /// <summary>A PEM file with a private key on P-256, as <c>eventrtc key</c> makes one; without it nothing can be exported. Default none.</summary>
    public string? KeyFile { get; init; }
}
