using System.Text.Json;
using EventRtc.Hosting.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Platform.Tests.Hosting.Logging;

/// <summary>Logs as a service has them, set by variables, in a file of JSON lines.</summary>
internal sealed class LogRig : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly IHost host;

    public LogRig(params (string Name, string Value)[] variables)
    {
        ConfigFile = Path.Combine(folder.Path, "log.json");
        Configure();
        var settings = ConfigurationOf(variables);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new LogModule("EventRtc.Streets", "StreetSvc"));
        Severity? all = settings["LOG_LEVEL"] is { } text ? Severities.Read("LOG_LEVEL", text) : null;
        Source = new LevelSource(all, LevelVariables.Read(settings), ConfigFile);
        builder.AddLogs("probe", new LogOptions { Level = all }, Source, Source.AtStart());
        host = builder.Build();
    }

    public string ConfigFile { get; }

    public LevelSource Source { get; }

    public CurrentLevels Current => host.Services.GetRequiredService<CurrentLevels>();

    /// <summary>As .NET hands variables on: a double underscore is a colon.</summary>
    public static IConfiguration ConfigurationOf(params (string Name, string Value)[] variables) => new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Select(one => KeyValuePair.Create(one.Name.Replace("__", ":", StringComparison.Ordinal), (string?)one.Value))).Build();

    /// <summary>Writes the file that APP_LOG_CONFIG_FILE names.</summary>
    public void Configure(string levels = "") =>
        File.WriteAllText(ConfigFile, $$"""{ {{levels}} "format": "json", "file": { "path": {{JsonSerializer.Serialize(Path.Combine(folder.Path, "probe.log"))}} } }""");

    public ILogger Logger(string category) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public ILogger<T> LoggerOf<T>() => host.Services.GetRequiredService<ILogger<T>>();

    /// <summary>What was written; nothing can be written any more.</summary>
    public IReadOnlyList<JsonElement> Lines()
    {
        host.Dispose();
        return [.. File.ReadAllLines(Path.Combine(folder.Path, "probe.log")).Select(line => JsonElement.Parse(line))];
    }

    public void Dispose()
    {
        host.Dispose();
        folder.Dispose();
    }
}
