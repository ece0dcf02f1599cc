using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Logging;

/// <summary>Gives every line of an HTTP call its ids, and, for whoever looks at debug lines, each call a line of its own.</summary>
internal static class CallLog
{
    private const string Category = "Http.Calls";

    public static void UseCallLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (http, next) =>
        {
            var ids = new CallIds(CorrelationId.Of(http.Request), RouteIds.Of(http));
            http.Features.Set(ids);
            using var scope = log.BeginScope(ids);
            var began = clock.GetTimestamp();
            try
            {
                await next(http);
            }
            finally
            {
                if (log.IsEnabled(LogLevel.Debug) && !IsProbe(http.Request.Path))
                    log.LogDebug("{Method} {Path} was answered {Status} after {Took} ms", http.Request.Method, http.Request.Path, http.Response.StatusCode, Math.Round(clock.GetElapsedTime(began).TotalMilliseconds));
            }
        });
    }

    /// <summary>They come every few seconds and mean nothing.</summary>
    private static bool IsProbe(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
