using System.Text.RegularExpressions;
using Xunit;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>What a query takes for granted: that a metric is shown, with a label, and with a value of it.</summary>
/// <param name="Label">Null: the metric alone.</param>
/// <param name="Value">A regular expression for the whole value; null: any.</param>
internal sealed partial record Demand(string Metric, string? Label = null, string? Value = null)
{
    /// <summary>Those that Prometheus adds, and that of buckets.</summary>
    private static readonly string[] Given = ["job", "instance", "le"];

    public static IEnumerable<Demand> Of(string query) => Named(query).Concat(Selected(query)).Concat(Grouped(query)).Where(demand => !Given.Contains(demand.Label)).Distinct();

    public bool IsMetBy(Sample sample) =>
        sample.Name == Metric && (Label is null || (sample.Labels.TryGetValue(Label, out var shown) && (Value is null || Regex.IsMatch(shown, $@"\A(?:{Value})\z"))));

    /// <summary>Metrics of ours, of ASP.NET Core and of the runtime.</summary>
    private static IEnumerable<Demand> Named(string query) => Name().Matches(query).Select(name => new Demand(name.Value));

    /// <summary><c>name{label="value"}</c>, and each alternative of <c>=~"one|other"</c>. What is left out needs the label only.</summary>
    private static IEnumerable<Demand> Selected(string query) =>
        from selector in Selector().Matches(query)
        from matcher in Matcher().Matches(selector.Groups["matchers"].Value)
        from value in matcher.Groups["how"].Value switch
        {
            "=" => [Regex.Escape(matcher.Groups["value"].Value)],
            "=~" => matcher.Groups["value"].Value.Split('|'),
            _ => (string?[])[null],
        }
        select new Demand(selector.Groups["name"].Value, matcher.Groups["label"].Value, value);

    /// <summary><c>by (label) (...)</c>, for every metric within.</summary>
    private static IEnumerable<Demand> Grouped(string query) =>
        from clause in By().Matches(query)
        from metric in Named(Enclosed(query, clause.Index + clause.Length))
        from label in clause.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)
        select metric with { Label = label };

    private static string Enclosed(string query, int start)
    {
        Assert.True(start < query.Length && query[start] == '(', $"The labels of a group come before what is grouped: {query}");
        var (end, depth) = (start, 0);
        do
            depth += query[end++] switch { '(' => 1, ')' => -1, _ => 0 };
        while (depth > 0);
        return query[start..end];
    }

    [GeneratedRegex(@"\b(?:eventrtc|http_server|kestrel|dotnet|process)_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<matchers>(?:[^""}]|""[^""]*"")*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?<how>=~|!~|!=|=)\s*""(?<value>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\bby\s*\((?<labels>[^)]*)\)\s*", RegexOptions.ExplicitCapture)]
    private static partial Regex By();
}
