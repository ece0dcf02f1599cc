namespace EventRtc.Domain;

/// <summary>
/// Facts about the auditing itself, kept for ever in the stream <see cref="Stream"/>: a field never changes its meaning; a new shape is a new record
/// under a new name.
/// </summary>
public abstract record AuditEvent
{
    /// <summary>All exports, whoever made them.</summary>
    public const string Stream = "audit-exports";

    private AuditEvent() { }

    /// <summary>Somebody took events out of the log. Recorded before the export is given out, so its own record is never in it.</summary>
    /// <param name="By">Who: <c>operator:ann</c>, <c>auditor:bob</c>, or <c>cli:</c> and the user of the machine where no token was shown.</param>
    /// <param name="Count">How many events were taken out.</param>
    /// <param name="LastPosition">The last position of the whole log at that time, exported or not.</param>
    /// <param name="Digest">Of the exported events; 64 hexadecimal digits.</param>
    /// <param name="Masked">Without the secrets.</param>
    /// <param name="Rooms">The rooms asked for; null for everything.</param>
    [Event("log_exported")]
    public sealed record LogExported(
        string By, DateTimeOffset At, long Count, long LastPosition, string Digest, bool Masked, IReadOnlyList<RoomId>? Rooms = null) : AuditEvent;
}
