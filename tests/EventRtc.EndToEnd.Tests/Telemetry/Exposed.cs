using System.Text.RegularExpressions;
using EventRtc.Local.Servers;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>What one service shows at <c>/metrics</c>.</summary>
internal sealed partial record Exposed(string Service, string? MediaType, string Text)
{
    public static async Task<Exposed> By(HttpClient http, ServiceProcess service)
    {
        using var answer = await http.GetAsync(new Uri(service.Url, "/metrics"));
        return new Exposed(service.Name, answer.Content.Headers.ContentType?.MediaType, await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Every sample's name.</summary>
    public IEnumerable<string> Names() => Sample().Matches(Text).Select(sample => sample.Groups[1].Value).Distinct(StringComparer.Ordinal);

    /// <summary>Every label with its value, as <c>name="value"</c>; those of buckets are left out.</summary>
    public IEnumerable<string> Labels() => Label().Matches(Text).Select(label => label.Value).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})? \S+", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?!le=)\b[a-zA-Z_][a-zA-Z0-9_]*=""[^""]*""")]
    private static partial Regex Label();
}
