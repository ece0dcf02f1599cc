using EventRtc.EventStore;

namespace EventRtc.Ops;

/// <summary>What exports are signed with: AUDIT_KEY_FILE.</summary>
internal static class SigningKey
{
    /// <exception cref="AuditKeyException">There is none, or it cannot be used.</exception>
    public static AuditKey Load() => Servers.Settings<AuditOptions>("AUDIT").KeyFile is { Length: > 0 } file
        ? AuditKey.Load(file)
        : throw new AuditKeyException("AUDIT_KEY_FILE names no key to sign with; 'eventrtc key --out FILE' makes one.");
}
