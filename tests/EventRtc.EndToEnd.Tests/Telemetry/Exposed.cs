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

    public IEnumerable<Sample> Samples() => Line().Matches(Text).Select(sample => new Sample(
        sample.Groups[1].Value, Label().Matches(sample.Groups[2].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value, StringComparer.Ordinal)));

    /// <summary>Every sample's name.</summary>
    public IEnumerable<string> Names() => Line().Matches(Text).Select(sample => sample.Groups[1].Value).Distinct(StringComparer.Ordinal);

    /// <summary>Every label with its value, as <c>name="value"</c>; those of buckets are left out.</summary>
    public IEnumerable<string> Labels() => Label().Matches(Text).Select(label => label.Value).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? \S+", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?!le=)\b([a-zA-Z_][a-zA-Z0-9_]*)=""([^""]*)""")]
    private static partial Regex Label();
}

/// <summary>One line of a service's metrics, without its value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels);
