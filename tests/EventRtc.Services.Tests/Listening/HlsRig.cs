using System.Net.Http.Headers;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;

namespace EventRtc.Services.Tests.Listening;

/// <summary>The HLS service as the process that it is, between views and mixers of the test's making. It forgets soon.</summary>
public sealed class HlsRig : WorkerRig
{
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private const string JwtSecret = "a secret of at least thirty-two bytes, another one";
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Any()}"), Timeout = Patience };
    private readonly RoomTokens tokens = new(new JwtOptions { Secret = JwtSecret }, TimeProvider.System);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Start("hls", "services/Hls/EventRtc.Hls", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["HLS_MEDIA_ADDR"] = http.BaseAddress!.Authority,
            ["HLS_VIEW_GRACE"] = $"{Grace.TotalSeconds}s",
            ["JWT_SECRET"] = JwtSecret,
            ["HLS_KEY_SECRET"] = "a secret of at least thirty-two bytes",
        });
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        http.Dispose();
    }

    /// <summary>What a player gets: the status, and the file when there is one.</summary>
    internal async Task<(int Status, string? Content)> Get(RoomId room, string file)
    {
        using var answer = await http.GetAsync(new Uri($"/hls/rooms/{room}/{file}", UriKind.Relative));
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null);
    }

    internal async Task<int> Key(RoomId room)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/hls/rooms/{room}/enc.key");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.ForListener(room));
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
