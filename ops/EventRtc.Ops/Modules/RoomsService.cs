using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Ops.Modules;

/// <summary>Where the rooms service is, for those who are no part of the system.</summary>
internal sealed record RoomsServiceOptions
{
    /// <summary>Where the rooms service, or what stands before it, answers. Default http://localhost:3000.</summary>
    [UrlOf("http", "https")]
    public Uri Url { get; init; } = new("http://localhost:3000");
}

/// <summary>The rooms service over HTTP, as an operator calls it: what is done so is decided on and recorded like everything else.</summary>
internal sealed class RoomsService : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient http;

    /// <exception cref="Hosting.SettingsException">ROOMS_URL cannot be used.</exception>
    public RoomsService(string? token)
    {
        http = new HttpClient { BaseAddress = new Uri($"{Servers.Settings<RoomsServiceOptions>("ROOMS").Url}".TrimEnd('/') + '/'), Timeout = Patience };
        if ((token ?? Servers.Settings<CallerOptions>("EVENTRTC").Token) is { Length: > 0 } shown)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shown);
    }

    public static Option<string?> TokenOption() => new("--token") { Description = "A staff token ('eventrtc token'). Default: EVENTRTC_TOKEN.", HelpName = "TOKEN" };

    /// <summary>Every module, as the service writes it.</summary>
    /// <exception cref="RefusedException">The service says no.</exception>
    /// <exception cref="RoomsServiceException">It cannot say anything now.</exception>
    public async Task<IReadOnlyList<JsonElement>> List(CancellationToken ct) =>
        [.. (await Call(HttpMethod.Get, "api/modules", null, ct)).GetProperty("modules").EnumerateArray()];

    /// <inheritdoc cref="List"/>
    public async Task<IReadOnlyList<ModuleNow>> Modules(CancellationToken ct) => [.. (await List(ct)).Select(json => json.Deserialize<ModuleNow>(DomainJson.Options)!)];

    /// <param name="ttl">Zero: without an end.</param>
    /// <inheritdoc cref="List"/>
    public Task Mark(ModuleRef module, string label, TimeSpan ttl, CancellationToken ct) => Call(HttpMethod.Put, $"api/modules/{module}/mark", new { label, ttl = (long)ttl.TotalSeconds }, ct);

    /// <inheritdoc cref="List"/>
    public Task RemoveMark(ModuleRef module, CancellationToken ct) => Call(HttpMethod.Delete, $"api/modules/{module}/mark", null, ct);

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> Call(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await http.SendAsync(request, ct);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            if (response.IsSuccessStatusCode)
                return answer;
            var why = answer.TryGetProperty("error", out var error) ? error.GetString()! : $"{(int)response.StatusCode}";
            throw response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.NotFound
                ? new RefusedException(why)
                : new RoomsServiceException($"The rooms service at {http.BaseAddress} does not do it: {why}");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new RoomsServiceException($"The rooms service does not answer at {http.BaseAddress}, which is ROOMS_URL.");
        }
    }
}

/// <summary>The rooms service cannot be asked now, or not with this token; the message is for the person at the terminal.</summary>
internal sealed class RoomsServiceException(string message) : Exception(message);
