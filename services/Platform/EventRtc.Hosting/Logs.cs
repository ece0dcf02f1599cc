using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace EventRtc.Hosting;

/// <summary>Serilog behind <see cref="Microsoft.Extensions.Logging.ILogger"/>: one readable line an event, written off the caller's thread.</summary>
internal static class Logs
{
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Service} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public static void AddLogs(this IHostApplicationBuilder builder, string service)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(LevelOf(builder.AddSettings<LogOptions>("LOG").Level))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal) // our own log says it once
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .Filter.ByExcluding(line => line.Exception is IOException && SourceOf(line) is "Microsoft.Extensions.Hosting.Internal.Host") // ServiceHost says in one line that it cannot listen
            .Enrich.WithProperty("Service", service)
            .WriteTo.Async(sink => sink.Console(outputTemplate: Line))
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Services.AddLogging(logging => logging.AddSerilog(logger, dispose: true));
    }

    private static string? SourceOf(LogEvent line) => line.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string source } ? source : null;

    private static LogEventLevel LevelOf(LogLevelName name) => name switch
    {
        LogLevelName.Debug => LogEventLevel.Debug,
        LogLevelName.Info => LogEventLevel.Information,
        LogLevelName.Warn => LogEventLevel.Warning,
        LogLevelName.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };
}

/// <summary>What is written down of what happens.</summary>
public sealed record LogOptions
{
    /// <summary>The least that is written. Default info; debug, info, warn, error, fatal.</summary>
    public LogLevelName Level { get; init; } = LogLevelName.Info;
}

/// <summary>As LOG_LEVEL calls them.</summary>
public enum LogLevelName
{
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}
