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

    public static KeyInfo For(ReadOnlySpan<byte> secret, RoomId room, string nonce) =>
        new(HlsKeys.Key(secret, room, nonce), HlsKeys.Iv(secret, room, nonce), HlsKeys.Uri(nonce));

    /// <summary>
    /// ffmpeg's hls_key_info_file: the URI for the playlist, the key's file, the IV in hex. Without the third line every segment
    /// gets IV 0.
    /// </summary>
    public string Text => $"{Uri}\n{KeyFile}\n{Convert.ToHexStringLower(Iv)}\n";
}
