using System.Text.Json;
using System.Text.RegularExpressions;
using EventRtc.Local;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>The queries of ops/telemetry: what dashboards draw and alerts watch.</summary>
internal static partial class Shown
{
    private static string Folder => Path.Combine(Checkout.Root, "ops", "telemetry");

    /// <summary>Each query with the file that it is in.</summary>
    public static IReadOnlyList<(string File, string Query)> Queries() => [.. Dashboards().SelectMany(QueriesOf), .. Alerts()];

    public static IReadOnlyList<string> Dashboards() => Directory.GetFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json");

    /// <summary>What Prometheus scrapes.</summary>
    public static IReadOnlyList<string> Jobs() => [.. Job().Matches(File.ReadAllText(Path.Combine(Folder, "prometheus.yml"))).Select(found => found.Groups[1].Value)];

    private static IEnumerable<(string, string)> Alerts() =>
        Expression().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yml"))).Select(found => ("alerts.yml", found.Groups[1].Value));

    private static IEnumerable<(string, string)> QueriesOf(string file)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
        return [.. In(dashboard.RootElement).Select(query => (Path.GetFileName(file), query))];
    }

    /// <summary>Panels and variables, however deep they lie.</summary>
    private static IEnumerable<string> In(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => field.NameEquals("expr") ? [field.Value.GetString()!] : In(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(In),
        _ => [],
    };

    [GeneratedRegex(@"job_name: (\S+)")]
    private static partial Regex Job();

    [GeneratedRegex(@"^\s*expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();
}
