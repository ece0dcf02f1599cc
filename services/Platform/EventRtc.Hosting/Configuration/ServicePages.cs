using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventRtc.Hosting.Configuration;

/// <summary>What a service says of itself at the terminal: <c>--help</c> and <c>--settings</c>.</summary>
public static class ServicePages
{
    /// <summary>Widest line of the help.</summary>
    private const int Width = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON object a person or a program can read: <c>{"service": "rooms", "settings": [{"name": "ETCD_ENDPOINTS", ...}]}</c>.</summary>
    public static string SettingsOf(string service, IReadOnlyList<SettingDescription> settings) => JsonSerializer.Serialize(new { service, settings }, Json);

    public static string HelpOf(string service, IReadOnlyList<SettingDescription> settings)
    {
        var about = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyDescriptionAttribute>()?.Description;
        var required = settings.Where(setting => setting.Required).Select(setting => setting.Name).DefaultIfEmpty("none");
        return $"""
            EventRtc, service {service}{(about is null ? "" : $": {about}")}

            It takes no arguments. Settings are environment variables, durations as 10s; beneath them config.yaml (or the file that {SettingSources.FileVariable} names)
            and appsettings.json in the working directory, where etcd: {"{"} dial_timeout: 10s {"}"} is ETCD_DIAL_TIMEOUT.

            Required:
            {Wrapped(required)}
            With a default:
            {Wrapped(settings.Where(setting => !setting.Required).Select(setting => setting.Name))}

              --settings   every setting with its range, its default and what it does, as JSON; all services: docs/configuration.md
              --help       this page

            It serves /health/live and /health/ready. Exit codes: 0 stopped in order, 64 unknown argument, 78 settings that cannot be used, named in one line.
            """;
    }

    private static string Wrapped(IEnumerable<string> names) => string.Join('\n', names.Aggregate(new List<string>(), (lines, name) =>
    {
        if (lines is [.., var last] && last.Length + name.Length < Width)
            lines[^1] = $"{last} {name}";
        else
            lines.Add($"  {name}");
        return lines;
    }));
}
