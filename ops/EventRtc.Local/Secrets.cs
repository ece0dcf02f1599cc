using System.Security.Cryptography;
using System.Text.Json;

namespace EventRtc.Local;

/// <summary>Random secrets of one local deployment, made once and kept in its folder, so that tokens and keys outlive a restart.</summary>
public sealed record Secrets(string Jwt, string JanusToken, string HlsKey, string JanusAdmin, string JanusAdminKey)
{
    public static Secrets In(string folder)
    {
        var file = Path.Combine(folder, "secrets.json");
        if (File.Exists(file) && JsonSerializer.Deserialize<Secrets>(File.ReadAllText(file)) is { } kept)
            return kept;
        var made = new Secrets(Key(), Key(), Key(), Key(), Key());
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        JsonSerializer.Serialize(stream, made);
        return made;
    }

    /// <summary>32 bytes in hexadecimal.</summary>
    private static string Key() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
