namespace EventRtc.Hosting.Configuration;

/// <summary>
/// What was given and nobody takes: probably a slip. In a file that is every key that no service of ours knows. The environment is everybody's: there it is a variable under a prefix that
/// this service takes settings under, unless it is known to be set by others.
/// </summary>
internal static class UnknownSettings
{
    /// <summary>Letters by which a name may differ from the one that was meant.</summary>
    private const int Slip = 3;

    /// <summary>The same under a prefix that others use as well: there only what is nearly a name of ours counts.</summary>
    private const int SmallSlip = 2;

    /// <summary>Words so common that programs beside ours put variables under them too: APP_UID of the base images, HTTP_PROXY, OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
    private static readonly string[] Everybodys = ["APP", "HTTP", "LOG", "OTEL", "RETRY"];

    public static IEnumerable<string> In(SettingSources sources, IEnumerable<string> prefixes, KnownSettings known)
    {
        string[] taken = [.. prefixes.Distinct().Select(prefix => $"{prefix}_")];
        var inEnvironment = sources.Environment.Where(variable => Array.Exists(taken, prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .Where(variable => !known.Contains(variable.Key) && !OthersVariables.Has(variable.Key, variable.Value))
            .Where(variable => !Array.Exists(Everybodys, word => variable.Key.StartsWith($"{word}_", StringComparison.Ordinal)) || known.Nearest(variable.Key, SmallSlip) is not null)
            .Select(variable => $"{variable.Key}: no such setting{Meant(variable.Key, known)}").Order(StringComparer.Ordinal);
        var inFiles = sources.InFiles.Where(setting => !known.Contains(setting.Variable))
            .Select(setting => $"{setting.Variable}: no such setting{Meant(setting.Variable, known)} ({setting.Key}, {setting.Place})");
        return inEnvironment.Concat(inFiles);
    }

    private static string Meant(string variable, KnownSettings known) => known.Nearest(variable, Slip) is { } near ? $"; did you mean {near}?" : "";
}
