using EventRtc.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

public sealed class SecretMaskTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJyb29tSUQiOiJkZW1vIn0.c2lnbmF0dXJl-_x";
    private static readonly SecretMask Mask = new("0123456789abcdef0123", "short");

    [Theory]
    [InlineData("Request starting HTTP/1.1 GET http://host/ws?token=" + Jwt + "&room=demo", "Request starting HTTP/1.1 GET http://host/ws?token=***&room=demo")]
    [InlineData("the token '" + Jwt + "' has ended", "the token '***' has ended")]
    [InlineData("authorization: Bearer abc.def", "authorization: Bearer ***")]
    [InlineData("""{"pin":"A1b2C3","jtoken": "Zm9v","room":"demo"}""", """{"pin":"***","jtoken": "***","room":"demo"}""")]
    [InlineData("""{"message":"{\"pin\":\"A1b2C3\"}"}""", """{"message":"{\"pin\":\"***\"}"}""")]
    [InlineData("""{"admin_secret":"x1","admin_key":"y2"}""", """{"admin_secret":"***","admin_key":"***"}""")]
    [InlineData("Host=db;Username=u;Password=hunter22;Database=d", "Host=db;Username=u;Password=***;Database=d")]
    [InlineData("GET /hls/rooms/demo/enc.key?n=00ff00ff", "GET /hls/rooms/demo/enc.key?n=***")]
    [InlineData("key 0123456789abcdef0123 was used", "key *** was used")]
    public void Secrets_are_hidden(string line, string shown) => Assert.Equal(shown, Mask.Apply(line));

    [Theory]
    [InlineData("The pin of the room is wrong, and its token has ended")]
    [InlineData("Janus answers a short ping; spinning=1")]
    [InlineData("/januses/janus-1/heartbeat lost its lease, key=/januses/janus-1")]
    [InlineData("")]
    public void Other_words_stay(string line) => Assert.Equal(line, Mask.Apply(line));

    [Fact]
    public void The_processs_own_secrets_are_known_and_never_written()
    {
        string[] secrets = ["jwt-secret-of-some-length", "hls-secret-of-some-length", "janus-key-of-some-length", "redis-password", "postgres-password", "password-of-a-uri"];
        using var rig = new LogRig(
            ("JWT_SECRET", secrets[0]), ("HLS_KEY_SECRET", secrets[1]), ("JANUS_TOKEN_KEY", secrets[2]), ("REDIS_PASSWORD", secrets[3]), ("POSTGRES_DSN", $"Host=db;Password={secrets[4]};Database=d"),
            ("OTHER_DSN", $"postgres://user:{secrets[5]}@db:5432/eventrtc"), ("JANUS_ADMIN_URL", "http://127.0.0.1:7088/admin"));

        rig.Logger("Main").LogError(new InvalidDataException($"broken: {secrets[0]}"), "{A} {B} {C} {D} {E} at {Url}", secrets[1], secrets[2], secrets[3], secrets[4], secrets[5], "http://127.0.0.1:7088/admin");

        var line = Assert.Single(rig.Lines());
        Assert.Equal("*** *** *** *** *** at http://127.0.0.1:7088/admin", line.GetProperty("message").GetString());
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, line.GetRawText(), StringComparison.Ordinal));
    }
}
