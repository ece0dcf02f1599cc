using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventRtc.Services.Tests.Contracts;
using Xunit;

namespace EventRtc.Services.Tests.Roles;

/// <summary>A sample of nearly right tokens over HTTP.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class TokenFuzzTests(ControlPlane plane, TokenMode services) : IClassFixture<TokenMode>
{
    private const int Tokens = 500;

    /// <summary>Tokens with harmless changes are good, and then there is no such room.</summary>
    private const string Nowhere = "fuzz-room";

    private static readonly (string Service, HttpMethod Method, string Path)[] Routes =
    [
        ("rooms", HttpMethod.Delete, $"/api/rooms/{Nowhere}"),
        ("rooms", HttpMethod.Get, $"/api/rooms/{Nowhere}/history"),
        ("users", HttpMethod.Post, $"/api/rooms/{Nowhere}/users"),
        ("projector", HttpMethod.Post, "/api/parked/999999999/skip"),
        ("hls", HttpMethod.Get, $"/hls/rooms/{Nowhere}/enc.key"),
    ];

    [Fact]
    public async Task Every_token_is_refused_with_a_code()
    {
        const int seed = 20261120;
        var fuzz = new TokenFuzz(seed, plane.Deployment.Secrets.Jwt, Nowhere, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < Tokens; n++)
        {
            var token = string.Concat(fuzz.Next().Where(c => !char.IsControl(c))); // no header holds those
            var (service, method, path) = Routes[n % Routes.Length];
            using var request = new HttpRequestMessage(method, new Uri(services.UrlOf(service), path)) { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
            using var response = await http.SendAsync(request);

            var answer = new Answer((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
            answer.MustBeWellFormedRefusal();
            Assert.True(answer.Status is 401 or 403 || answer is { Status: 404, Code: "room_not_found" or "not_parked" }, $"Seed {seed}, token {n}: {method} {path} answered {answer.Status} {answer.Code} to {token}");
            codes.Add(answer.Code!);
        }
        Assert.Superset(new HashSet<string> { "token_invalid", "token_expired", "role_insufficient", "room_not_found" }, codes);
    }
}
