using EventRtc.EventStore;

namespace EventRtc.Ops;

/// <summary>What exports are signed with: AUDIT_KEY_FILE.</summary>
internal static class SigningKey
{
    private const string Variable = "AUDIT_KEY_FILE";

    /// <exception cref="AuditKeyException">There is none, or it cannot be used.</exception>
    public static AuditKey Load() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file
        ? AuditKey.Load(file)
        : throw new AuditKeyException($"{Variable} names no key to sign with; 'eventrtc key --out FILE' makes one.");
}
