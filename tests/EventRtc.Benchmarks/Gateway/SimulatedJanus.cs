using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>
/// As much of a Janus as a gateway talks to, without media: sessions, claims, and an AudioBridge that lets everybody in. It answers at once, so that what is measured is the gateway.
/// </summary>
internal sealed class SimulatedJanus(WebApplication app, Uri address) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, Session> sessions = new();
    private long lastId = 1_000_000;

    public Uri Address { get; } = address;

    public static async Task<SimulatedJanus> Start()
    {
        var port = FreePort.Any();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var janus = new SimulatedJanus(builder.Build(), new Uri($"ws://127.0.0.1:{port}"));
        await janus.Serve();
        return janus;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task Serve()
    {
        app.UseWebSockets();
        app.Run(Serve);
        return app.StartAsync();
    }

    private async Task Serve(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync("janus-protocol");
        using var reader = new MessageReader(socket, 1024 * 1024);
        try
        {
            while (await reader.Read() is MessageReader.Kind.Message)
                await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(Answer(JsonElement.Parse(reader.Message))), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The gateway is gone.
        }
    }

    private JsonObject Answer(JsonElement request)
    {
        var answer = new JsonObject { ["transaction"] = request.GetProperty("transaction").GetString() };
        var kind = request.GetProperty("janus").GetString();
        if (kind is "create")
        {
            var id = Interlocked.Increment(ref lastId);
            sessions[id] = new Session();
            return Success(answer, id);
        }
        if (!sessions.TryGetValue(request.GetProperty("session_id").GetInt64(), out var session))
        {
            answer["janus"] = "error";
            answer["error"] = new JsonObject { ["code"] = 458, ["reason"] = "No such session" };
            return answer;
        }
        switch (kind)
        {
            case "attach":
                return Success(answer, Interlocked.Increment(ref lastId));
            case "destroy":
                sessions.TryRemove(request.GetProperty("session_id").GetInt64(), out _);
                break;
            case "message":
                return Plugin(answer, session, request);
            default:
                break;
        }
        answer["janus"] = kind is "claim" or "destroy" ? "success" : "ack";
        return answer;
    }

    private static JsonObject Success(JsonObject answer, long id)
    {
        answer["janus"] = "success";
        answer["data"] = new JsonObject { ["id"] = id };
        return answer;
    }

    private static JsonObject Plugin(JsonObject answer, Session session, JsonElement request)
    {
        var body = request.GetProperty("body");
        if (body.TryGetProperty("display", out var display))
            session.Display = display.GetString();
        answer["janus"] = "event";
        answer["plugindata"] = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["audiobridge"] = "event",
                ["participants"] = new JsonArray([.. session.Display is { } name ? [new JsonObject { ["id"] = 1, ["display"] = name, ["muted"] = false }] : Array.Empty<JsonNode>()]),
            },
        };
        if (request.TryGetProperty("jsep", out _))
            answer["jsep"] = new JsonObject { ["type"] = "answer", ["sdp"] = "v=0" };
        return answer;
    }

    private sealed class Session
    {
        public string? Display { get; set; }
    }
}
