using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EventRtc.Contracts;
using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class JwtTests
{
    private const string Secret = "a secret of this test, long enough for HS256";
    private static readonly UserId User = UserId.Parse("6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51");
    private static readonly RoomId Room = RoomId.Parse("studio-1");
    private readonly StoppedClock clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly Jwt jwt;

    public JwtTests() => jwt = new Jwt(new JwtOptions { Secret = Secret }, clock);

    /// <summary>RFC 7515, appendix A.1: header, payload with its line breaks, key and signature as printed there.</summary>
    [Fact]
    public void The_vector_of_RFC_7515_is_accepted_with_its_key_alone()
    {
        const string Token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var key = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.UTF8.GetString(Jwt.Payload(Token, key)!));
        Assert.Null(Jwt.Payload(Token, key.AsSpan(1)));
    }

    [Fact]
    public void A_token_is_good_for_its_room_until_it_ends()
    {
        var token = jwt.Issue(User, Room, Role.Anchor);

        Assert.Equal(new Claims(User, Room, Role.Anchor, 1_800_000_000, 1_800_003_600), jwt.Verify(token, Room));
        Assert.Null(jwt.Verify(token, RoomId.Parse("studio-2")));
    }

    [Fact]
    public void The_payload_names_its_claims_as_the_contract_does()
    {
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(jwt.Issue(User, Room, Role.Host).Split('.')[1]));

        Assert.Equal($$"""{"userID":"{{User}}","roomID":"studio-1","role":"host","iat":1800000000,"exp":1800003600}""", payload);
    }

    [Fact]
    public void Clocks_may_differ_by_30_seconds()
    {
        var token = jwt.Issue(User, Room, Role.Anchor);

        clock.Now += TimeSpan.FromSeconds(3600 + 29);
        Assert.NotNull(jwt.Verify(token, Room));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(jwt.Verify(token, Room));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not JSON")]
    public void Another_header_is_refused_even_with_a_valid_signature(string header) => Assert.Null(jwt.Verify(Forge(header, Good), Room));

    [Theory]
    [InlineData("""{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":"anchor","iat":1800000000}""")]
    [InlineData("""{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":"anchor","iat":1800000000,"exp":"1800003600"}""")]
    [InlineData("""{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":"anchor","iat":1800000000,"exp":null}""")]
    [InlineData("""{"userID":"somebody","roomID":"studio-1","role":"anchor","iat":1800000000,"exp":1800003600}""")]
    [InlineData("""{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":"boss","iat":1800000000,"exp":1800003600}""")]
    [InlineData("""{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":0,"iat":1800000000,"exp":1800003600}""")]
    [InlineData("""{"roomID":"studio-1","role":"anchor","iat":1800000000,"exp":1800003600}""")]
    [InlineData("[1800003600]")]
    [InlineData("null")]
    [InlineData("")]
    public void Claims_that_are_missing_or_wrong_are_refused(string payload) => Assert.Null(jwt.Verify(Forge("""{"alg":"HS256"}""", payload), Room));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("é.b.c")]
    [InlineData("e30=.e30.AAAA")]
    public void What_is_no_token_is_refused(string? token) => Assert.Null(jwt.Verify(token, Room));

    [Fact]
    public void A_changed_or_overlong_token_is_refused()
    {
        var token = Forge("""{"alg":"HS256"}""", Good);
        Assert.NotNull(jwt.Verify(token, Room));

        Assert.All(Enumerable.Range(0, token.Length - 1), at =>
            Assert.Null(jwt.Verify($"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}", Room)));
        Assert.Null(jwt.Verify($" {token}", Room));
        Assert.Null(jwt.Verify($"{token}.", Room));
        Assert.Null(jwt.Verify(Forge("""{"alg":"HS256"}""", Good + new string(' ', Jwt.Longest)), Room));
    }

    [Fact]
    public void A_token_of_another_key_is_refused() =>
        Assert.Null(jwt.Verify(new Jwt(new JwtOptions { Secret = $"{Secret}!" }, clock).Issue(User, Room, Role.Anchor), Room));

    private const string Good = """{"userID":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","roomID":"studio-1","role":"anchor","iat":1800000000,"exp":1800003600}""";

    private static string Forge(string header, string payload)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)))}";
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
