using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

public sealed class JanusTokensTests
{
    private const long Session = 8_264_301_226_711_933, Handle = 1_234_567_890_123;
    private static readonly UserId User = new(Guid.NewGuid());
    private readonly JanusTokens tokens = new(new JanusTokenOptions { TokenKey = new string('a', 64) });

    [Fact]
    public void A_token_opens_to_what_was_sealed_in_its_live_session()
    {
        Assert.Equal((Session, Handle), tokens.Open(tokens.Seal(Session, Handle, "nonce", User), "nonce", User));
        Assert.NotEqual(tokens.Seal(Session, Handle, "nonce", User), tokens.Seal(Session, Handle, "nonce", User));
    }

    [Fact]
    public void It_dies_with_the_live_session_and_with_the_key_and_serves_no_other_user()
    {
        Assert.Null(tokens.Open(tokens.Seal(Session, Handle, "nonce", User), "nonce", new UserId(Guid.NewGuid())));
        Assert.Null(tokens.Open(tokens.Seal(Session, Handle, "nonce", User), "another nonce", User));
        Assert.Null(new JanusTokens(new JanusTokenOptions { TokenKey = new string('b', 64) }).Open(tokens.Seal(Session, Handle, "nonce", User), "nonce", User));
    }

    [Fact]
    public void Changed_in_any_letter_it_is_worthless()
    {
        var token = tokens.Seal(Session, Handle, "nonce", User);

        // The last letter carries bits that no byte has.
        Assert.All(Enumerable.Range(0, token.Length - 1), at => Assert.Null(tokens.Open($"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}", "nonce", User)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64url!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nonsense_opens_nothing(string? token) => Assert.Null(tokens.Open(token, "nonce", User));
}
