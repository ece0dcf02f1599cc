using System.Collections.Concurrent;
using System.Net;
using EventRtc.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventRtc.Services.Tests.Listening;

/// <summary>The files that a mixer has, served as a mixer does: what is written into them is told by the test.</summary>
internal sealed class ServedFiles : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly WebApplication server;

    private ServedFiles(WebApplication server)
    {
        this.server = server;
        server.MapGet("/rooms/{room}/{file}", (string room, string file) =>
            files.TryGetValue($"{room}/{file}", out var content) ? Results.Text(content, file.EndsWith(".m3u8", StringComparison.Ordinal) ? "application/vnd.apple.mpegurl" : "video/mp2t") : Results.StatusCode((int)HttpStatusCode.NotFound));
    }

    public int Port { get; private init; }

    public static async Task<ServedFiles> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = FreePort.Any();
        var served = new ServedFiles(builder.Build()) { Port = port };
        served.server.Urls.Add($"http://127.0.0.1:{port}");
        await served.server.StartAsync();
        return served;
    }

    public void Put(string room, string file, string content) => files[$"{room}/{file}"] = content;

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
