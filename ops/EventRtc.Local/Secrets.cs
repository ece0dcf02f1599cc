using System.Security.Cryptography;
using System.Text.Json;

namespace EventRtc.Local;

/// <summary>Random secrets of one local deployment, made once and kept in its folder, so that tokens and keys outlive a restart.</summary>
public sealed record Secrets(string Jwt, string JanusToken, string HlsKey, string JanusAdmin, string JanusAdminKey)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The key that exports of this deployment's log are signed with, in PEM; made once as well.</summary>
    public static string AuditKeyFile(string folder)
    {
        var file = Path.Combine(folder, "audit-key.pem");
        if (!File.Exists(file))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var writer = new StreamWriter(OwnFile(file));
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }
        return file;
    }

    public static Secrets In(string folder)
    {
        var file = Path.Combine(folder, "secrets.json");
        if (File.Exists(file) && JsonSerializer.Deserialize<Secrets>(File.ReadAllText(file)) is { } kept)
            return kept;
        var made = new Secrets(Key(), Key(), Key(), Key(), Key());
        using var stream = OwnFile(file);
        JsonSerializer.Serialize(stream, made);
        return made;
    }

    /// <summary>A file that nobody else may read, empty.</summary>
    internal static FileStream OwnFile(string file) =>
        new(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });

    /// <summary>32 bytes in hexadecimal.</summary>
    private static string Key() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
