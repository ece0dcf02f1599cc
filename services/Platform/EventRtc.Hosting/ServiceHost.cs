using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using System.Text.Json.Serialization;

namespace EventRtc.Hosting;

/// <summary>What every service of ours shares: settings from the environment, logs, limits, error answers, health, an orderly stop.</summary>
public static class ServiceHost
{
    /// <summary>The exit code for settings that cannot be used (EX_CONFIG of sysexits.h).</summary>
    private const int UnusableSettings = 78;

    /// <summary>Largest request body and WebSocket message, in bytes.</summary>
    private const int LargestBody = 64 * 1024;

    /// <summary>Builds the service, runs it until it is asked to stop, and returns the exit code.</summary>
    /// <param name="name">The service's name in logs and messages: <c>rooms</c>, <c>janus</c> ...</param>
    /// <param name="listen">Where it listens when HTTP_ADDR is not set, as <c>host:port</c>.</param>
    public static async Task<int> Run(string name, string listen, string[] args, Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        try
        {
            await using var app = Create(name, listen, args, build, map);
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (failure is SettingsException or IOException)
        {
            await Console.Error.WriteLineAsync($"{name} cannot start: {failure.Message}");
            return UnusableSettings;
        }
    }

    /// <summary>Reads an options record under a prefix and registers it.</summary>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string prefix) where T : class, new()
    {
        var options = Settings.Bind<T>(builder.Configuration, prefix);
        builder.Services.AddSingleton(options);
        return options;
    }

    /// <summary>Listens at one more <c>host:port</c>.</summary>
    public static void Listen(this WebApplicationBuilder builder, string address) =>
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(ListenAddress.Parse(address)));

    private static WebApplication Create(string name, string listen, string[] args, Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddEnvironmentVariables();
        builder.AddLogs(name);

        var app = builder.AddSettings<AppOptions>("APP");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = app.ShutdownTimeout);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // a number is no text, and the document says so
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Listen(builder.Configuration["HTTP_ADDR"] ?? listen);
        builder.AddHealth();
        builder.Services.AddApiDocument(name);
        build(builder);

        var service = builder.Build();
        service.UseApiErrors();
        service.MapHealth();
        service.MapApiDocument();
        map(service);
        service.Lifetime.ApplicationStarted.Register(() =>
            service.Logger.LogInformation("{Service} listens on {Addresses}", name, string.Join(", ", service.Urls)));
        return service;
    }
}

/// <summary>What holds for the process as a whole.</summary>
public sealed record AppOptions
{
    /// <summary>How long a stop may take before the process ends anyway. APP_SHUTDOWN_TIMEOUT, default 10 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
