using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventRtc.Services.Tests.Documents;
using Xunit;

namespace EventRtc.Services.Tests;

/// <summary>Calls a service over HTTP, and holds every answer, whatever the test is about, to what the service's own document says of it, and every refusal to the shape that the contract promises.</summary>
internal sealed class Api(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = ControlPlane.Patience };
    private ServedDocument? document;

    /// <summary>Asked for once.</summary>
    public async Task<ServedDocument> Document()
    {
        if (document is { } known)
            return known;
        var served = await ServedDocument.Of(http);
        return Interlocked.CompareExchange(ref document, served, null) ?? served;
    }

    public Task<Answer> Get(string path, string? token = null) => Send(HttpMethod.Get, path, token: token);

    public Task<Answer> Post(string path, object body, string? key = null) => Send(HttpMethod.Post, path, JsonContent.Create(body), key);

    public Task<Answer> Put(string path, object body, string? key = null) => Send(HttpMethod.Put, path, JsonContent.Create(body), key);

    public Task<Answer> PostText(string path, string body, string type = "application/json") => Send(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, type));

    public Task<Answer> Delete(string path, string? key = null) => Send(HttpMethod.Delete, path, key: key);

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? body = null, string? key = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await http.SendAsync(request);
        var media = response.Content.Headers.ContentType?.MediaType;
        var answer = new Answer((int)response.StatusCode, media == "application/json" ? await response.Content.ReadFromJsonAsync<JsonElement>() : default);
        if (answer.Status >= 400)
            answer.MustBeWellFormedRefusal();
        (await Document()).Hold(method.Method, path, answer.Status, media, answer.Body);
        return answer;
    }

    /// <summary>An answer that is lines of text.</summary>
    public async Task<string[]> Lines(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A health page, which is text.</summary>
    public async Task<(int Status, string Lines)> Health(string page = "ready")
    {
        using var response = await http.GetAsync(new Uri($"/health/{page}", UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();
}

/// <param name="Body">Undefined where the answer is not JSON.</param>
internal sealed record Answer(int Status, JsonElement Body)
{
    private static readonly string[] Telltale = ["Exception", "   at ", "Npgsql", "System.", "EventRtc", ".cs"];

    public JsonElement Room => Body.GetProperty("room");

    /// <summary>What is wrong, for a program.</summary>
    public string? Code => Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public bool Retryable => Body.GetProperty("retryable").GetBoolean();

    public IReadOnlyList<string> Details => [.. Body.Items("details").Select(fault => fault.GetString()!)];

    public void MustBeWellFormedRefusal()
    {
        Assert.False(Body.GetProperty("success").GetBoolean());
        Assert.Matches("^[A-Z].*\\.$", Body.Text("error"));
        Assert.Matches("^[a-z][a-z0-9_]*$", Body.Text("code"));
        Assert.Contains(Body.GetProperty("retryable").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.Matches("^[0-9a-f]{32}$", Body.Text("traceId"));
        Assert.All(Telltale, word => Assert.DoesNotContain(word, Body.GetRawText(), StringComparison.Ordinal));
    }
}

internal static class JsonReading
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];

    public static bool Has(this JsonElement json, string name) => json.TryGetProperty(name, out _);
}
