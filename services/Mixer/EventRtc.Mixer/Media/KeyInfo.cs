using System.Security.Cryptography;
using EventRtc.Contracts;
using EventRtc.Domain;

namespace EventRtc.Mixer.Media;

/// <summary>
/// How one live session's segments are encrypted. All of it follows from the secret, the room and the session's nonce,
/// so a mixer that starts again goes on with the same key.
/// </summary>
public sealed record KeyInfo(byte[] Key, byte[] Iv, string Uri)
{
    /// <summary>The file that ffmpeg reads the key from, beside the playlist.</summary>
    public const string KeyFile = "enc.key";

    /// <summary>Bytes of one packet of MPEG-TS.</summary>
    private const int TsPacket = 188;

    public static KeyInfo For(ReadOnlySpan<byte> secret, RoomId room, string nonce) =>
        new(HlsKeys.Key(secret, room, nonce), HlsKeys.Iv(secret, room, nonce), HlsKeys.Uri(nonce));

    /// <summary>As it lies in a room's folder.</summary>
    /// <exception cref="FileNotFoundException">There is none, or no folder (<see cref="DirectoryNotFoundException"/>).</exception>
    public static KeyInfo Read(string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, HlsFolder.KeyInfo));
        return new(File.ReadAllBytes(Path.Combine(folder, KeyFile)), Convert.FromHexString(lines[2]), lines[0]);
    }

    /// <summary>Whether a segment is whole: it can be decrypted to MPEG-TS packets and nothing else.</summary>
    public bool Opens(byte[] segment)
    {
        try
        {
            using var aes = Aes.Create();
            aes.Key = Key;
            return aes.DecryptCbc(segment, Iv) is { Length: > 0 } packets && packets.Length % TsPacket == 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>
    /// ffmpeg's hls_key_info_file: the URI for the playlist, the key's file, the IV in hex. Without the third line every segment
    /// gets IV 0.
    /// </summary>
    public string Text => $"{Uri}\n{KeyFile}\n{Convert.ToHexStringLower(Iv)}\n";
}
