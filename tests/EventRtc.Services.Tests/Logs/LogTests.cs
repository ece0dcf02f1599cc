using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Logs;

/// <summary>What a service that really runs writes to its log.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class LogTests(ControlPlane plane)
{
    private static readonly (string, string?)[] Talkative = [("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug")];

    [Fact]
    public async Task Lines_of_a_call_have_its_room_command_correlation_and_trace()
    {
        await using var rooms = plane.Replica(plane.Deployment.Rooms, Talkative);
        await rooms.Start();
        using var api = new Api(rooms.Url);
        var (room, errand, trace) = (ControlPlane.NewRoom(), $"errand-{Guid.NewGuid():N}", ActivityTraceId.CreateRandom());
        await plane.Rooms.Post("/api/rooms", new { roomId = room });

        await api.Send(HttpMethod.Delete, $"/api/rooms/{room}", headers: [("X-Correlation-Id", errand), ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01")]);

        var line = await WhenWritten(rooms, line => Text(line, "correlation") == errand);
        Assert.Equal((room, $"{trace}", "Http.Calls", "debug"), (Text(line, "room"), Text(line, "trace"), Text(line, "module"), Text(line, "level")));
        Assert.Equal($"DELETE /api/rooms/{room} was answered 200", Text(line, "message")!.Split(" after ")[0]);
        var removal = (await plane.History(room)).Single(happened => happened.Text("type") == "removal_requested");
        Assert.Equal((Text(line, "command"), errand), (removal.Text("commandId"), removal.Text("correlationId")));
    }

    [Fact]
    public async Task A_call_without_a_trace_gets_one()
    {
        await using var rooms = plane.Replica(plane.Deployment.Rooms, Talkative);
        await rooms.Start();
        using var api = new Api(rooms.Url);

        var refused = await api.Get($"/api/rooms/{ControlPlane.NewRoom()}");

        var line = await WhenWritten(rooms, line => Text(line, "trace") == refused.Body.Text("traceId"));
        Assert.Equal(Text(line, "trace"), Text(line, "correlation"));
    }

    [Fact]
    public async Task Lines_of_a_request_over_Redis_and_of_the_views_that_follow_have_its_ids()
    {
        await using var projector = plane.Replica(plane.Deployment.Projector, Talkative);
        await using var rooms = plane.Replica(plane.Deployment.Rooms, Talkative);
        await Task.WhenAll(projector.Start(), rooms.Start());
        await plane.Deployment.Rooms.Stop();
        await plane.Deployment.Projector.Stop();
        try
        {
            using var api = new Api(rooms.Url);
            var (room, command) = (ControlPlane.NewRoom(), Guid.NewGuid());
            await api.Post("/api/rooms", new { roomId = room });
            await plane.Reports.Send(new RoomCommand.RemoveRoom(new RoomId(room), "requested", default), command, CancellationToken.None);

            var asked = await WhenWritten(rooms, line => Text(line, "command") == $"{command}");
            Assert.Equal((room, $"{command:N}"), (Text(asked, "room"), Text(asked, "correlation")));
            var shown = await WhenWritten(projector, line => Text(line, "command") == $"{command}");
            Assert.Equal((room, $"{command:N}", Text(asked, "trace")), (Text(shown, "room"), Text(shown, "correlation"), Text(shown, "trace")));
            Assert.Matches("^[0-9a-f]{32}$", Text(shown, "trace"));
        }
        finally
        {
            await Task.WhenAll(plane.Deployment.Rooms.Start(), plane.Deployment.Projector.Start());
        }
    }

    [Fact]
    public async Task A_correlation_goes_from_service_to_service()
    {
        await using var rooms = plane.Replica(plane.Deployment.Rooms, Talkative);
        await rooms.Start();
        await plane.Deployment.Rooms.Stop();
        try
        {
            var (room, errand) = (ControlPlane.NewRoom(), $"errand-{Guid.NewGuid():N}");
            using var api = new Api(rooms.Url);
            await api.Post("/api/rooms", new { roomId = room });

            var admitted = await plane.Users.Send(HttpMethod.Post, $"/api/rooms/{room}/users", JsonContent.Create(new { role = "anchor" }), headers: [("X-Correlation-Id", errand)]);

            var asked = await WhenWritten(rooms, line => Text(line, "correlation") == errand);
            Assert.StartsWith("admitAnchor called by users", Text(asked, "message"), StringComparison.Ordinal);
            await plane.Users.Send(HttpMethod.Delete, $"/api/rooms/{room}/users/{admitted.Body.Text("userID")}", headers: [("X-Correlation-Id", errand)]);
            var history = (await api.Get($"/api/rooms/{room}/history")).Body.Items("events");
            Assert.Equal(["anchor_admitted", "anchor_left"], history.Where(happened => happened.Text("correlationId") == errand).Select(happened => happened.Text("type")));
        }
        finally
        {
            await plane.Deployment.Rooms.Start();
        }
    }

    [Fact]
    public async Task SIGHUP_has_the_levels_read_anew_and_the_service_goes_on()
    {
        var file = Path.Combine(plane.Deployment.Folder, $"log-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{ "modules": { "Http": "warn" } }""");
        await using var rooms = plane.Replica(plane.Deployment.Rooms, ("LOG_FORMAT", "json"), ("APP_LOG_CONFIG_FILE", file), ("LOG_RELOAD_EVERY", "1h"));
        await rooms.Start();
        using var api = new Api(rooms.Url);
        await api.Get("/api/stats");

        await File.WriteAllTextAsync(file, """{ "modules": { "Http": "debug" } }""");
        ProcessTable.Send(rooms.ProcessId!.Value, Signal.Hangup);
        await WhenWritten(rooms, line => Text(line, "message") == "Log levels are read anew: all info, HTTP debug");
        await api.Get("/api/rooms");

        await WhenWritten(rooms, line => Text(line, "message")!.StartsWith("GET /api/rooms was answered 200", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(rooms), line => Text(line, "message")!.StartsWith("GET /api/stats", StringComparison.Ordinal));
        Assert.True(rooms.IsRunning);
    }

    [Fact]
    public async Task Lines_are_readable_by_default_and_have_no_colour_in_a_file()
    {
        await using var rooms = plane.Replica(plane.Deployment.Rooms, ("LOG_LEVEL", "warn"), ("LOG_LEVEL__ROOM_SVC", "info"));
        await rooms.Start();
        await Eventually.True(() => Read(rooms).Any(line => line.EndsWith($"rooms listens on {rooms.Url.ToString().TrimEnd('/')}", StringComparison.Ordinal)), ControlPlane.Patience, "it says where it listens");
        Assert.All(Read(rooms), line => Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} (INF rooms RoomSvc|WRN rooms )", line));
    }

    private static async Task<JsonElement> WhenWritten(ServiceProcess service, Func<JsonElement, bool> wanted)
    {
        JsonElement? found = null;
        await Eventually.True(() => (found = Lines(service).Where(wanted).Select(line => (JsonElement?)line).FirstOrDefault()) is not null, ControlPlane.Patience, "the line is written");
        return found!.Value;
    }

    private static IEnumerable<JsonElement> Lines(ServiceProcess service) => Read(service).Select(line => JsonElement.Parse(line));

    /// <summary>Whole lines: the last one may be on its way.</summary>
    private static string[] Read(ServiceProcess service)
    {
        using var file = new StreamReader(new FileStream(service.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Text(JsonElement line, string field) => line.TryGetProperty(field, out var text) ? text.GetString() : null;
}
