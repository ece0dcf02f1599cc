using System.Text.Json;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class HistoryTests(ControlPlane plane)
{
    [Fact]
    public async Task Every_step_of_a_room_is_told_in_order()
    {
        var id = await plane.CreateForwarding();
        var (user, _) = await plane.Admit(id, "host");
        await plane.Presence.Join(new(new(id), user, Domain.Role.Host, 1), CancellationToken.None);
        await plane.Presence.Leave(new(new(id), user, 1, "left"), CancellationToken.None);
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.LetGo(id);

        var answer = await plane.Rooms.Get($"/api/rooms/{id}/history");
        var events = answer.Body.Items("events");
        Assert.Equal(
            [
                "room_created", "live_started", "janus_room_created", "mixer_port_allocated", "forwarding_started", "anchor_admitted", "anchor_joined", "anchor_left",
                "removal_requested", "forwarding_stopped", "janus_room_destroyed", "mixer_released", "room_deleted",
            ],
            events.Select(happened => happened.Text("type")));
        Assert.Equal(events.Count, answer.Body.GetProperty("count").GetInt32());
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => happened.GetProperty("version").GetInt32()));
        var positions = events.Select(happened => happened.GetProperty("position").GetInt64()).ToList();
        Assert.Equal(positions.Order().Distinct(), positions);
        Assert.All(events, happened => Assert.Equal(id, happened.GetProperty("data").Text("room")));
        Assert.All(events, happened => Assert.Equal(TimeProvider.System.GetUtcNow(), happened.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMinutes(1)));
        Assert.All(events, happened => Assert.NotEmpty(happened.Text("correlationId")));
        Assert.All(events, happened => Assert.True(Guid.TryParse(happened.Text("commandId"), out _)));
    }

    [Fact]
    public async Task It_says_what_happened_and_who_did_it()
    {
        var id = await plane.CreateForwarding();

        var events = await plane.History(id);
        Assert.Equal(["anonymous", "anonymous", "test", "test", "test"], events.Select(happened => happened.Text("actor")));
        Assert.Equal(events[0].Text("commandId"), events[1].Text("commandId"));
        Assert.Equal(4, events.Select(happened => happened.Text("commandId")).Distinct().Count());
        var port = events[3].GetProperty("data");
        Assert.Equal(("127.0.0.1", 5004, 3001), (port.Text("ip"), port.GetProperty("port").GetInt32(), port.GetProperty("hlsPort").GetInt32()));
        Assert.Equal(9_007_199_254_740_993, events[2].GetProperty("data").GetProperty("janusRoomId").GetInt64());
    }

    [Fact]
    public async Task Secrets_are_masked()
    {
        var id = await plane.CreateForwarding();
        var nonce = await plane.NonceOf(id);

        var answer = (await plane.Rooms.Get($"/api/rooms/{id}/history")).Body;
        Assert.Equal("***", answer.Items("events")[0].GetProperty("data").Text("pin"));
        Assert.Equal("***", answer.Items("events")[1].GetProperty("data").Text("nonce"));
        Assert.DoesNotContain("abc123", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(nonce, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callers_correlation_id_is_kept()
    {
        var id = ControlPlane.NewRoom();
        await plane.Rooms.Send(HttpMethod.Post, "/api/rooms", new StringContent(JsonSerializer.Serialize(new { roomId = id }), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), headers: [("X-Correlation-Id", "call-4711")]);
        await plane.Rooms.Send(HttpMethod.Delete, $"/api/rooms/{id}", headers: [("X-Correlation-Id", new string('y', 1000))]);

        var events = await plane.History(id);
        Assert.Equal("call-4711", events[0].Text("correlationId"));
        Assert.Equal(new string('y', 128), events[1].Text("correlationId"));
    }

    [Fact]
    public async Task A_correlation_id_is_not_cut_within_a_character()
    {
        var id = await plane.Create();
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(plane.Deployment.Rooms.Url, $"/api/rooms/{id}"));
        request.Headers.TryAddWithoutValidation("X-Correlation-Id", new string('x', 127) + "\ud83d\ude00 and more");
        using var answer = await http.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(new string('x', 127) + "\ud83d\ude00", (await plane.History(id))[1].Text("correlationId"));
    }

    [Fact]
    public async Task An_id_that_was_never_used_has_none()
    {
        foreach (var id in (string[])[ControlPlane.NewRoom(), "x"])
        {
            var answer = await plane.Rooms.Get($"/api/rooms/{id}/history");
            Assert.Equal((404, "room_not_found"), (answer.Status, answer.Code));
        }
    }
}
