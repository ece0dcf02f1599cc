using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EventRtc.Hosting.Configuration;
using EventRtc.Hosting.Logging;
using EventRtc.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting;

/// <summary>What every service of ours shares: settings, logs, limits, error answers, health, an orderly stop.</summary>
public static class ServiceHost
{
    /// <summary>The exit code for arguments that are not known (EX_USAGE of sysexits.h).</summary>
    private const int UnknownArgument = 64;

    /// <summary>The exit code for settings that cannot be used (EX_CONFIG of sysexits.h).</summary>
    private const int UnusableSettings = 78;

    /// <summary>Largest request body and WebSocket message, in bytes.</summary>
    private const int LargestBody = 64 * 1024;

    /// <summary>Builds the service, runs it until it is asked to stop, and returns the exit code.</summary>
    /// <param name="name">The service's name in logs and messages: <c>rooms</c>, <c>janus</c> ...</param>
    /// <param name="listen">Where it listens when HTTP_ADDR is not set, as <c>host:port</c>.</param>
    public static async Task<int> Run(string name, string listen, string[] args, Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        if (args is [var argument, ..])
            return await Answer(argument, name, () => Describe(name, listen, build));
        try
        {
            await using var app = Create(name, listen, build, map);
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (failure is SettingsException or IOException)
        {
            await Console.Error.WriteLineAsync($"{name} cannot start: {failure.Message}");
            return UnusableSettings;
        }
    }

    /// <summary>Listens at one more <c>host:port</c>.</summary>
    /// <param name="variable">The setting that says where, for the message when that cannot be: found out before anything starts.</param>
    public static void Listen(this WebApplicationBuilder builder, string variable, string address)
    {
        var endpoint = ListenAddress.Parse(address);
        builder.Demand(variable, () => ListenAddress.FaultAt(endpoint) is { } fault ? $"'{address}' cannot be used: {fault}" : null);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
    }

    private static async Task<int> Answer(string argument, string name, Func<IReadOnlyList<SettingDescription>> settings)
    {
        if (argument is "--help" or "-h")
            await Console.Out.WriteLineAsync(ServicePages.HelpOf(name, settings()));
        else if (argument is "--settings")
            await Console.Out.WriteLineAsync(ServicePages.SettingsOf(name, settings()));
        else
            await Console.Error.WriteLineAsync($"{name} takes no argument '{argument}'; --help says what it takes");
        return argument is "--help" or "-h" or "--settings" ? 0 : UnknownArgument;
    }

    /// <summary>Puts the service together without anything given, and looks at what it asked for.</summary>
    private static IReadOnlyList<SettingDescription> Describe(string name, string listen, Action<WebApplicationBuilder> build)
    {
        var book = new SettingsBook(SettingSources.None);
        var builder = NewBuilder();
        builder.Use(book);
        Assemble(builder, name, listen, build);
        return book.Describe();
    }

    private static WebApplication Create(string name, string listen, Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        var sources = SettingSources.OfProcess();
        var book = new SettingsBook(sources);
        var builder = NewBuilder();
        sources.CopyTo(builder.Configuration);
        builder.Use(book);
        book.Check(() => Assemble(builder, name, listen, build));

        var service = builder.Build();
        service.UseCallLog();
        service.UseApiErrors();
        service.MapMetrics(ListenAddress.Parse(book.Get<HttpOptions>().Address).Port);
        service.MapHealth();
        service.MapApiDocument();
        map(service);
        service.Lifetime.ApplicationStarted.Register(() =>
            service.Logger.LogInformation("{Service} listens on {Addresses}", name, string.Join(", ", service.Urls)));
        return service;
    }

    /// <summary>Its content root is not where files of settings lie: we read those.</summary>
    private static WebApplicationBuilder NewBuilder() => WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

    private static void Assemble(WebApplicationBuilder builder, string name, string listen, Action<WebApplicationBuilder> build)
    {
        var app = builder.AddSettings<AppOptions>("APP");
        builder.AddLogs(name, app.LogConfigFile);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = app.ShutdownTimeout);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // a number is no text, and the document says so
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddSettings<RetryOptions>("RETRY");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        var address = builder.AddSettings("HTTP", new HttpOptions { Address = listen }).Address;
        builder.Listen("HTTP_ADDR", address);
        builder.AddTelemetry(name, ListenAddress.Parse(address).Port);
        builder.AddHealth();
        builder.Services.AddApiDocument(name);
        build(builder);
    }
}

/// <summary>What holds for the process as a whole.</summary>
public sealed record AppOptions
{
    /// <summary>How long a stop may take before the process ends anyway. Default 10 s; 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A file of settings, in YAML or JSON by its ending, in the place of config.yaml. It can be named in the environment only. Default none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>A file in JSON with levels, format and file of the log, see docs/logs.md; levels in it may change while the service runs. Default none.</summary>
    public string? LogConfigFile { get; init; }
}

/// <summary>Where a service answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>Host and port that it listens at; without a host on all of the machine's addresses. Default each service's own.</summary>
    [ListenAt, DefaultIs("each service's own")]
    public string Address { get; init; } = "";
}
