using System.Text.RegularExpressions;

namespace EventRtc.Hosting.Configuration;

/// <summary>How one and the same setting is called as a variable, as a key of a file and as a property of a record.</summary>
internal static partial class SettingKeys
{
    /// <summary>Deeper no file is read: no setting has so many words.</summary>
    public const int Deepest = 8;

    /// <summary><c>dialTimeout</c>, <c>dial_timeout</c> and <c>DialTimeout</c> give <c>DIAL_TIMEOUT</c>; an <c>Address</c> is an <c>ADDR</c>.</summary>
    public static string Words(string name) =>
        WordStart().Replace(name, "_").Replace('.', '_').ToUpperInvariant().Replace("ADDRESS", "ADDR", StringComparison.Ordinal);

    /// <summary><c>ETCD</c> and <c>DialTimeout</c> give <c>ETCD_DIAL_TIMEOUT</c>.</summary>
    public static string Variable(string prefix, string property) => $"{prefix}_{Words(property)}";

    /// <summary><c>etcd</c>, <c>dialTimeout</c> give <c>ETCD_DIAL_TIMEOUT</c>.</summary>
    public static string Variable(IReadOnlyList<string> path) => string.Join('_', path.Select(Words));

    /// <summary>In plain words, for messages: <c>PortRange</c> is a <c>port range</c>.</summary>
    public static string Plain(string typeName) => WordStart().Replace(typeName, " ").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
