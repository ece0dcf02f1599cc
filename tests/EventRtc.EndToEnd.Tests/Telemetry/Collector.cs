using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>Takes OTLP over gRPC, as a collector does, and keeps the spans.</summary>
public sealed class Collector : IAsyncDisposable
{
    private const int PrefixLength = 5; // whether it is compressed, and its length

    private readonly ConcurrentQueue<SeenSpan> spans = new();
    private readonly WebApplication app;
    private int metrics;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => Take(context, message =>
        {
            foreach (var span in SeenSpan.Read(message))
                spans.Enqueue(span);
        }));
        app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => Take(context, _ => Interlocked.Increment(ref metrics)));
    }

    /// <summary>As OTEL_ENDPOINT has it.</summary>
    public string Address => new Uri(app.Urls.Single()).Authority;

    /// <summary>How often metrics were sent.</summary>
    public int Metrics => Volatile.Read(ref metrics);

    public IReadOnlyList<SeenSpan> Of(string trace) => [.. spans.Where(span => span.Trace == trace)];

    public static async Task<Collector> Start()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task Take(HttpContext context, Action<ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        for (var left = body.ToArray().AsMemory(); left.Length >= PrefixLength;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(left.Span[1..]);
            take(left.Slice(PrefixLength, length));
            left = left[(PrefixLength + length)..];
        }
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[PrefixLength]); // an empty answer
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
