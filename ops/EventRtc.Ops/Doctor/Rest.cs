using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventRtc.Ops.Doctor;

/// <summary>HTTP as a visitor uses it; an answer is an answer, whatever its status.</summary>
internal sealed class Rest : IDisposable
{
    private readonly HttpClient http;

    /// <param name="token">Shown with every call that shows none of its own; null for none.</param>
    public Rest(Uri url, string? token, TimeSpan patience)
    {
        http = new HttpClient { BaseAddress = new Uri($"{url.AbsoluteUri.TrimEnd('/')}/"), Timeout = patience };
        if (!string.IsNullOrEmpty(token))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Url => http.BaseAddress!;

    /// <summary>The same place for a WebSocket.</summary>
    public Uri SocketAt(string path) => new UriBuilder(new Uri(Url, path)) { Scheme = Url.Scheme is "https" ? "wss" : "ws" }.Uri;

    /// <exception cref="HttpRequestException">Nobody answers; <see cref="Reach"/> has words for it.</exception>
    public async Task<RestAnswer> Send(HttpMethod method, string path, object? body = null, string? token = null, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, ct);
        return new RestAnswer(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync(ct));
    }

    public void Dispose() => http.Dispose();
}

internal sealed record RestAnswer(HttpStatusCode Status, string? ContentType, byte[] Body)
{
    /// <summary>The body where it is JSON; an undefined element otherwise.</summary>
    public JsonElement Json { get; } = Parse(ContentType, Body);

    public string? Code => Text("code");

    /// <summary>Status and words of a refusal.</summary>
    public string Words => $"{(int)Status}{(Code is { } code ? $" {code}: {Text("error")}" : "")}";

    /// <summary>Finds the call in the services' logs.</summary>
    public string Trace => Text("traceId") is { } trace ? $" (trace {trace})" : "";

    public string? Text(string name) => Json.ValueKind is JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Parse(string? type, byte[] body)
    {
        try
        {
            return type?.EndsWith("json", StringComparison.Ordinal) is true ? JsonElement.Parse(body) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
