using EventRtc.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace EventRtc.Hosting.Logging;

/// <summary>Serilog behind <see cref="Microsoft.Extensions.Logging.ILogger"/>: lines with their module and ids, without secrets, written off the caller's thread.</summary>
internal static class Logs
{
    /// <summary>The property that says which service wrote a line; messages may have a {Service} of their own.</summary>
    public const string Service = "LogService";

    private const long Megabyte = 1024 * 1024;

    /// <param name="file">APP_LOG_CONFIG_FILE.</param>
    public static void AddLogs(this IHostApplicationBuilder builder, string service, string? file)
    {
        var options = builder.AddSettings<LogOptions>("LOG");
        builder.AddSettings(LevelVariables.Family);
        var source = new LevelSource(options.Level, builder.Try(() => LevelVariables.Read(builder.Configuration), LogConfig.None.Levels), file);
        builder.AddLogs(service, options, source, builder.Try(source.AtStart, LogConfig.None));
    }

    /// <inheritdoc cref="AddLogs(IHostApplicationBuilder, string, string?)"/>
    internal static void AddLogs(this IHostApplicationBuilder builder, string service, LogOptions options, LevelSource source, LogConfig config)
    {
        var mask = SecretMask.Of(builder.Configuration);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<LogModules>()
            .AddSingleton(provider => new CurrentLevels(provider.GetRequiredService<LogModules>(), source.LevelsWith(config)))
            .AddSingleton<ILoggerProvider>(provider => new SerilogLoggerProvider(Writer(service, options.Format ?? config.Format, config.File, provider.GetRequiredService<LogModules>(), mask), dispose: true));
        builder.Logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.None); // Serilog takes the trace itself
        builder.Services.AddOptions<LoggerFilterOptions>().PostConfigure<CurrentLevels>((filter, levels) =>
        {
            // Ours alone decides, so that IsEnabled tells the truth and costs one look.
            filter.Rules.Clear();
            filter.Rules.Add(new LoggerFilterRule(null, null, null, (_, category, level) => levels.IsEnabled(category, level)));
        });
        builder.Services.AddSingleton(provider => new LevelReload(source, provider.GetRequiredService<CurrentLevels>(), options, provider.GetRequiredService<ILogger<LevelReload>>()));
        builder.Services.AddLoop("log-levels", (provider, ct) => provider.GetRequiredService<LevelReload>().Run(ct));
    }

    private static Serilog.Core.Logger Writer(string service, LogFormat? format, LogFile? file, LogModules modules, SecretMask mask)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Verbose() // what is enabled is decided before
            .Filter.ByExcluding(line => line.Exception is IOException && line.Text("SourceContext") is "Microsoft.Extensions.Hosting.Internal.Host") // ServiceHost says in one line that it cannot listen
            .Enrich.WithProperty(Service, service)
            .Enrich.With(new ModuleOfLine(modules));
        if (format is not LogFormat.Json)
            logger.Enrich.With(new PlainValues(), new IdsOfLine());
        return logger.WriteTo.Async(sinks =>
        {
            sinks.Console(Form(IsColourful()));
            if (file is not null)
                sinks.File(Form(colourful: false), file.Path, fileSizeLimitBytes: file.MaxMegabytes * Megabyte, rollOnFileSizeLimit: true, retainedFileCountLimit: file.Keep);
        }).CreateLogger();

        Masked Form(bool colourful) => new(format is LogFormat.Json ? new JsonLine() : ConsoleLine.Formatter(colourful), mask);
    }

    private static bool IsColourful() => ConsoleLine.IsColourful(Console.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));
}
