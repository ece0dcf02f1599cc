using System.Buffers.Text;
using System.Text;
using EventRtc.Contracts.Tokens;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class JwtTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret of at least thirty-two bytes");

    [Fact]
    public void The_example_of_RFC_7515_appendix_A_1_is_read()
    {
        const string token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var key = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

        Assert.Equal("joe", Jwt.Verify(token, key, DateTimeOffset.FromUnixTimeSeconds(1300819379))?.GetProperty("iss").GetString());
        Assert.Null(Jwt.Verify(token, key, DateTimeOffset.FromUnixTimeSeconds(1300819380 + 30)));
        Assert.Null(Jwt.Verify(token, Secret, DateTimeOffset.FromUnixTimeSeconds(1300819379)));
    }

    [Fact]
    public void What_is_signed_is_read_again() =>
        Assert.Equal("r", Jwt.Verify(Jwt.Sign(new { roomID = "r", exp = End(60) }, Secret), Secret, Now)?.GetProperty("roomID").GetString());

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-29, true)]
    [InlineData(60, true)]
    public void A_token_ends_with_half_a_minute_for_clocks_that_differ(int endsIn, bool accepted) =>
        Assert.Equal(accepted, Jwt.Verify(Jwt.Sign(new { exp = End(endsIn) }, Secret), Secret, Now) is not null);

    [Fact]
    public void A_token_without_an_end_is_refused() => Assert.Null(Jwt.Verify(Jwt.Sign(new { roomID = "r" }, Secret), Secret, Now));

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":"\ud800"}""")]
    [InlineData("""{"\ud800lg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public void Another_algorithm_is_refused_even_when_the_signature_fits(string header)
    {
        var content = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{End(60)}}}"""))}";
        var signature = System.Security.Cryptography.HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(content));

        Assert.Null(Jwt.Verify($"{content}.{Base64Url.EncodeToString(signature)}", Secret, Now));
        Assert.Null(Jwt.Verify($"{content}.", Secret, Now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("ä.ö.ü")]
    [InlineData("====.====.====")]
    public void Nonsense_is_refused(string? token) => Assert.Null(Jwt.Verify(token, Secret, Now));

    [Fact]
    public void A_changed_token_is_refused()
    {
        var token = Jwt.Sign(new { roomID = "mine", exp = End(60) }, Secret);
        var other = Jwt.Sign(new { roomID = "yours", exp = End(60) }, Secret);

        Assert.Null(Jwt.Verify($"{token.Split('.')[0]}.{other.Split('.')[1]}.{token.Split('.')[2]}", Secret, Now));
    }

    [Fact]
    public void An_overlong_token_is_refused() => Assert.Null(Jwt.Verify(Jwt.Sign(new { filler = new string('x', 5000), exp = End(60) }, Secret), Secret, Now));

    private static long End(int seconds) => (Now + TimeSpan.FromSeconds(seconds)).ToUnixTimeSeconds();
}
