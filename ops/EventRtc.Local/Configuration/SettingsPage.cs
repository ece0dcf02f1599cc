using System.Text;
using EventRtc.Hosting.Configuration;

namespace EventRtc.Local.Configuration;

/// <summary>docs/configuration.md: a table for each prefix.</summary>
internal static class SettingsPage
{
    private const string CommandLine = "eventrtc";

    private const string Head = """
        # Settings

        Written by `ops/configuration` from the options records; not edited by hand. A test holds it against them. What one service takes it prints by itself: `--settings` (JSON) or `--help`.

        **Where they stand.** Environment variables, without a prefix; beneath them `config.yaml` in the working directory; beneath that `appsettings.json` there. What stands higher wins, and what is
        empty counts as not given. `APP_CONFIG_FILE` names another file in the place of `config.yaml`, in YAML or JSON by its ending. In a file nested keys are joined: these are the same.

        ```
        ETCD_ENDPOINTS=a:2379,b:2379
        ETCD_DIAL_TIMEOUT=10s
        ```

        ```yaml
        etcd:
          endpoints: [a:2379, b:2379]
          dial_timeout: 10s
        ```

        ```json
        {"etcd": {"endpoints": ["a:2379", "b:2379"], "dialTimeout": "10s"}}
        ```

        **What is refused.** A value that cannot be read or is out of range, a key of a file that no service knows, and a variable that begins like a setting of the service and is none: the service ends
        with exit code 78 and one line that names all of it, with file and line, and what a slip may have meant. It never repeats a secret. All services may be given the same file or the same variables;
        what orchestrators and the servers' own images set (`REDIS_PORT=tcp://...`, `POSTGRES_PASSWORD`) is left alone.

        **Durations** carry their unit: `250ms`, `10s`, `1.5s`, `5m`, `1h`. **Lists** have commas between their items. `eventrtc` is the command line of operators: it reads the environment and the file
        that `APP_CONFIG_FILE` names, and no other.

        """;

    public static string Of(IReadOnlyList<ProgramSettings> programs)
    {
        var page = new StringBuilder(Head);
        var services = programs.Select(program => program.Service).Where(name => name != CommandLine).ToList();
        var entries = programs.SelectMany(program => program.Settings.Select(setting => new Entry(program.Service, setting))).ToList();
        foreach (var concern in entries.GroupBy(entry => entry.Setting.Concern).OrderBy(concern => concern.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {concern.Key}_*\n\n");
            page.AppendJoin('\n', Abouts([.. concern], services));
            page.Append("\n\n| variable | what it does | default | takes | services |\n|---|---|---|---|---|\n");
            foreach (var setting in concern.GroupBy(entry => entry.Setting.Name))
                page.Append($"| {string.Join(" | ", Cells([.. setting], services).Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }
        return page.ToString();
    }

    /// <summary>A sentence, or one for each record when several have this prefix.</summary>
    private static IEnumerable<string> Abouts(IReadOnlyList<Entry> entries, IReadOnlyList<string> services)
    {
        var records = entries.Where(entry => entry.Setting.About.Length > 0).GroupBy(entry => entry.Setting.About).ToList();
        return records is [var only] ? [only.Key] : records.Select(record => $"- {Users([.. record.DistinctBy(entry => entry.Service)], services)}: {record.Key}");
    }

    private static string[] Cells(IReadOnlyList<Entry> entries, IReadOnlyList<string> services)
    {
        var setting = entries[0].Setting;
        var comment = setting.Comment[..^setting.Facts.Length].Trim();
        return [$"`{setting.Name}`", comment, Default(entries), setting.Secret ? $"{setting.Takes}; secret" : setting.Takes, Users(entries, services)];
    }

    private static string Default(IReadOnlyList<Entry> entries) => entries.DistinctBy(entry => entry.Setting.Default).Count() == 1
        ? Default(entries[0].Setting)
        : string.Join(", ", entries.Select(entry => $"{entry.Service} {Default(entry.Setting)}"));

    private static string Default(SettingDescription setting) => setting switch
    {
        { Required: true } => "**required**",
        { Default: null } => "none",
        { Default: { } words } when words.Contains(' ', StringComparison.Ordinal) => words,
        _ => $"`{setting.Default}`",
    };

    private static string Users(IReadOnlyList<Entry> entries, IReadOnlyList<string> services) =>
        string.Join(", ", services.Except(entries.Select(entry => entry.Service)).Any() ? entries.Select(entry => entry.Service) : entries.Select(entry => entry.Service).Except(services).Prepend("all"));

    private sealed record Entry(string Service, SettingDescription Setting);
}
