using System.Security.Cryptography;
using System.Text;
using EventRtc.Contracts;
using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class HlsKeysTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");
    private static readonly RoomId Room = new("room-a");

    /// <summary>The expected bytes come from <c>printf 'room-a:n1' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef</c>.</summary>
    [Fact]
    public void Key_and_vector_are_the_two_halves_of_the_hash()
    {
        Assert.Equal("eb3a2f1d1e0f6c46b4da4b4801145514", Convert.ToHexStringLower(HlsKeys.Key(Secret, Room, "n1")));
        Assert.Equal("04000488861d8cb759fab57e337f1839", Convert.ToHexStringLower(HlsKeys.Iv(Secret, Room, "n1")));
    }

    [Fact]
    public void Another_secret_room_or_nonce_gives_another_key()
    {
        byte[][] keys = [HlsKeys.Key(Secret, Room, "n1"), HlsKeys.Key(Secret, Room, "n2"), HlsKeys.Key(Secret, new RoomId("room-b"), "n1"), HlsKeys.Key([.. Secret, 0x21], Room, "n1")];

        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void A_segment_is_decrypted_with_its_own_key_alone()
    {
        byte[] clear = [.. Enumerable.Range(0, 188).Select(i => (byte)i)];
        using var aes = Aes.Create();
        aes.Key = HlsKeys.Key(Secret, Room, "n1");
        var segment = aes.EncryptCbc(clear, HlsKeys.Iv(Secret, Room, "n1"));

        Assert.Equal(clear, HlsKeys.Decrypt(segment, HlsKeys.Key(Secret, Room, "n1"), HlsKeys.Iv(Secret, Room, "n1")));
        Assert.Throws<CryptographicException>(() => HlsKeys.Decrypt(segment.AsSpan(1), HlsKeys.Key(Secret, Room, "n1"), HlsKeys.Iv(Secret, Room, "n1")));
    }

    [Fact]
    public void The_nonce_is_escaped_in_the_address() => Assert.Equal("enc.key?n=a%2Fb%2B", HlsKeys.Uri("a/b+"));
}
