using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using EventRtc.Contracts.Tokens;
using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class JwtTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly JwtKey Key = new("a secret of at least thirty-two bytes");
    private static readonly JwtKeys Keys = new(Key);

    [Fact]
    public void The_example_of_RFC_7515_appendix_A_1_is_read()
    {
        const string token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var keys = new JwtKeys(new JwtKey(Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")));

        Assert.Equal("joe", Verify(token, keys, DateTimeOffset.FromUnixTimeSeconds(1300819379)).Claims?["iss"]?.GetValue<string>());
        Assert.Equal(TokenFault.Expired, FaultOf(Verify(token, keys, DateTimeOffset.FromUnixTimeSeconds(1300819380 + 30))));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(token, Keys, DateTimeOffset.FromUnixTimeSeconds(1300819379))));
    }

    [Fact]
    public void What_is_signed_is_read_again_and_names_its_key()
    {
        var token = Jwt.Sign(new { roomID = "r", exp = End(60) }, Key);

        Assert.Equal("r", Verify(token).Claims?["roomID"]?.GetValue<string>());
        Assert.Equal($$"""{"alg":"HS256","typ":"JWT","kid":"{{Key.Id}}"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[0])));
        Assert.Matches("^[A-Za-z0-9_-]{11}$", Key.Id);
    }

    [Theory]
    [InlineData(-30, TokenFault.Expired)]
    [InlineData(-29, null)]
    [InlineData(60, null)]
    public void A_token_ends_with_half_a_minute_for_clocks_that_differ(int endsIn, TokenFault? fault) =>
        Assert.Equal(fault, FaultOf(Verify(Jwt.Sign(new { exp = End(endsIn) }, Key))));

    [Theory]
    [InlineData(31, TokenFault.TooEarly)]
    [InlineData(30, null)]
    public void A_token_may_begin_later_with_the_same_half_a_minute(int beginsIn, TokenFault? fault) =>
        Assert.Equal(fault, FaultOf(Verify(Jwt.Sign(new { nbf = End(beginsIn), exp = End(600) }, Key))));

    public static TheoryData<object> Times => [new { roomID = "r" }, new { exp = "tomorrow" }, new { exp = 1e300 }, new { exp = 9_999_999_999.5 }, new { exp = 9_999_999_999, nbf = "now" }];

    [Theory]
    [MemberData(nameof(Times))]
    public void A_token_without_an_end_or_with_times_that_are_none_is_refused(object claims) => Assert.Equal(TokenFault.Invalid, FaultOf(Verify(Jwt.Sign(claims, Key))));

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":"\ud800"}""")]
    [InlineData("""{"\ud800lg":"HS256"}""")]
    [InlineData("""{"alg":"none","alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","kid":"AAAAAAAAAAA"}""")]
    [InlineData("""{"alg":"HS256","kid":""}""")]
    [InlineData("""{"alg":"HS256","kid":null}""")]
    [InlineData("""{"alg":"HS256","kid":7}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public void Another_header_is_refused_even_when_the_signature_fits(string header)
    {
        var token = WithHeader(header, Key);

        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(token)));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify($"{token[..token.LastIndexOf('.')]}.")));
    }

    [Theory]
    [InlineData(null, TokenFault.Missing)]
    [InlineData("", TokenFault.Missing)]
    [InlineData("..", TokenFault.Invalid)]
    [InlineData("a.b", TokenFault.Invalid)]
    [InlineData("a.b.c.d", TokenFault.Invalid)]
    [InlineData("ä.ö.ü", TokenFault.Invalid)]
    [InlineData("====.====.====", TokenFault.Invalid)]
    public void Nonsense_is_refused(string? token, TokenFault fault) => Assert.Equal(fault, FaultOf(Verify(token)));

    [Fact]
    public void A_changed_token_is_refused_and_so_is_another_spelling_of_its_signature()
    {
        var token = Jwt.Sign(new { roomID = "mine", exp = End(60) }, Key);
        var other = Jwt.Sign(new { roomID = "yours", exp = End(60) }, Key);
        var last = token[^1] == 'A' ? 'B' : (char)(token[^1] + 1); // 43 characters hold 258 bits, and a signature has 256

        string[] changed = [$"{token.Split('.')[0]}.{other.Split('.')[1]}.{token.Split('.')[2]}", $"{token}=", $"{token} ", token[..^1], $"{token[..^1]}{last}"];
        Assert.All(changed, one => Assert.Equal(TokenFault.Invalid, FaultOf(Verify(one))));
    }

    [Fact]
    public void An_overlong_token_is_refused() => Assert.Equal(TokenFault.Invalid, FaultOf(Verify(Jwt.Sign(new { filler = new string('x', 5000), exp = End(60) }, Key))));

    [Fact]
    public void While_keys_are_rotated_the_previous_one_is_believed_and_an_older_one_is_not()
    {
        JwtKey old = new("the secret of the year before last"), previous = new("the secret of the year before now"), current = new("the secret of this very same year");
        var keys = new JwtKeys(current, previous);
        string Token(JwtKey by) => Jwt.Sign(new { exp = End(60) }, by);

        Assert.Null(FaultOf(Verify(Token(current), keys)));
        Assert.Null(FaultOf(Verify(Token(previous), keys)));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(Token(old), keys)));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(Token(previous), new JwtKeys(current))));
    }

    [Fact]
    public void A_token_without_a_key_s_id_is_tried_with_both_and_one_with_an_id_with_that_key_alone()
    {
        JwtKey previous = new("the secret of the year before now"), current = new("the secret of this very same year");
        var keys = new JwtKeys(current, previous);

        Assert.Null(FaultOf(Verify(WithHeader("""{"alg":"HS256"}""", current), keys)));
        Assert.Null(FaultOf(Verify(WithHeader("""{"alg":"HS256"}""", previous), keys)));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(WithHeader($$"""{"alg":"HS256","kid":"{{current.Id}}"}""", previous), keys)));
        Assert.Equal(TokenFault.Invalid, FaultOf(Verify(WithHeader($$"""{"alg":"HS256","kid":"{{previous.Id}}"}""", current), keys)));
    }

    [Fact]
    public void The_previous_secret_must_be_another_one()
    {
        var secret = new string('s', 32);
        var sources = new SettingSources(new Dictionary<string, string> { ["JWT_SECRET"] = secret, ["JWT_PREVIOUS_SECRET"] = secret }, []);
        Assert.Equal("JWT_PREVIOUS_SECRET: must differ from JWT_SECRET", Assert.Throws<SettingsException>(() => Settings.Bind<JwtOptions>(sources, "JWT")).Message);
        Assert.Equal(new JwtKey(secret).Id, new JwtKeys(new JwtOptions { Secret = secret, PreviousSecret = new string('t', 32) }).Current.Id);
    }

    private static string WithHeader(string header, JwtKey by)
    {
        var content = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{End(60)}}}"""))}";
        return $"{content}.{by.Sign(content)}";
    }

    private static TokenReading<JsonObject> Verify(string? token, JwtKeys? keys = null, DateTimeOffset? now = null) => Jwt.Verify(token, keys ?? Keys, now ?? Now, json => JsonObject.Create(json));

    private static TokenFault? FaultOf(TokenReading<JsonObject> reading) => reading is TokenReading<JsonObject>.Bad { Why: var why } ? why : null;

    private static long End(int seconds) => (Now + TimeSpan.FromSeconds(seconds)).ToUnixTimeSeconds();
}
