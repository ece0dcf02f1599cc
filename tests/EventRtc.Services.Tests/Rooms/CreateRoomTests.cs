using System.Text;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class CreateRoomTests(ControlPlane plane)
{
    [Fact]
    public async Task A_room_is_as_its_creator_wants_it()
    {
        var id = ControlPlane.NewRoom();

        var answer = await plane.Rooms.Post("/api/rooms", new { roomId = id, pin = "aB3xY9", maxAnchors = 5 });

        Assert.Equal(201, answer.Status);
        Assert.True(answer.Body.GetProperty("success").GetBoolean());
        Assert.Equal(id, answer.Room.Text("roomId"));
        Assert.Equal("aB3xY9", answer.Room.Text("pin"));
        Assert.Equal(5, answer.Room.GetProperty("maxAnchors").GetInt32());
        Assert.Equal("created", answer.Room.Text("status"));
        Assert.Equal($"{plane.Deployment.Web}hls/rooms/{id}/stream.m3u8", answer.Room.Text("hlsUrl"));
        Assert.Equal(TimeProvider.System.GetUtcNow(), answer.Room.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
        Assert.Equal(["room_created"], await plane.Steps(id));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"roomId":null,"pin":null,"maxAnchors":null,"start":null}""")]
    [InlineData("""{"somethingNewer":true}""")]
    public async Task What_is_not_said_has_a_default(string body)
    {
        var answer = await plane.Rooms.PostText("/api/rooms", body);

        Assert.Equal(201, answer.Status);
        Assert.Matches("^[A-Za-z0-9_-]{3,32}$", answer.Room.Text("roomId"));
        Assert.Matches("^[A-Za-z0-9]{6}$", answer.Room.Text("pin"));
        Assert.Equal(3, answer.Room.GetProperty("maxAnchors").GetInt32());
        Assert.Equal("created", answer.Room.Text("status"));
    }

    [Fact]
    public async Task A_call_without_a_body_makes_a_room_too()
    {
        Assert.Equal(201, (await plane.Rooms.Send(HttpMethod.Post, "/api/rooms")).Status);
        Assert.Equal(201, (await plane.Rooms.PostText("/api/rooms", "null")).Status);
    }

    [Fact]
    public async Task A_room_can_be_created_on_air()
    {
        var answer = await plane.Rooms.Post("/api/rooms", new { roomId = ControlPlane.NewRoom(), start = true });

        Assert.Equal(201, answer.Status);
        Assert.Equal("onair", answer.Room.Text("status"));
        Assert.Equal("janus-1", answer.Room.Text("janusId"));
        Assert.Equal("mixer-1", answer.Room.Text("mixerId"));
        Assert.False(answer.Room.GetProperty("forwarding").GetBoolean());
        Assert.Equal(["room_created", "live_started"], await plane.Steps(answer.Room.Text("roomId")));
    }

    [Fact]
    public async Task Without_a_free_module_nothing_is_created()
    {
        var id = ControlPlane.NewRoom();
        await plane.WithdrawModules();

        var answer = await plane.Rooms.Post("/api/rooms", new { roomId = id, start = true });

        Assert.Equal((503, "no_capacity", true), (answer.Status, answer.Code, answer.Retryable));
        Assert.Equal(404, (await plane.Rooms.Get($"/api/rooms/{id}")).Status);
        Assert.Equal(404, (await plane.Rooms.Get($"/api/rooms/{id}/history")).Status);
        await plane.OfferModules();
        Assert.Equal(201, (await plane.Rooms.Post("/api/rooms", new { roomId = id, start = true })).Status);
    }

    [Fact]
    public async Task A_second_room_of_the_same_id_is_refused()
    {
        var id = await plane.Create(new { roomId = ControlPlane.NewRoom(), pin = "123456" });

        foreach (var again in (object[])[new { roomId = id, pin = "123456" }, new { roomId = id }, new { roomId = id, start = true }])
        {
            var answer = await plane.Rooms.Post("/api/rooms", again);
            Assert.Equal((409, "room_exists", false), (answer.Status, answer.Code, answer.Retryable));
        }
        Assert.Equal(["room_created"], await plane.Steps(id));
    }

    [Theory]
    [InlineData("roomId", "\"ab\"")]
    [InlineData("roomId", "\"\"")]
    [InlineData("roomId", "\"a room\"")]
    [InlineData("roomId", "\"a/b/c\"")]
    [InlineData("roomId", "\"größe\"")]
    [InlineData("roomId", "\"\\ud800abc\"")]
    [InlineData("roomId", "\"123456789012345678901234567890123\"")]
    [InlineData("roomId", "12345")]
    [InlineData("roomId", "[\"abc\"]")]
    [InlineData("pin", "\"12345\"")]
    [InlineData("pin", "\"1234567\"")]
    [InlineData("pin", "\"12 456\"")]
    [InlineData("pin", "\"12345ä\"")]
    [InlineData("pin", "\"١٢٣٤٥٦\"")]
    [InlineData("pin", "123456")]
    [InlineData("maxAnchors", "0")]
    [InlineData("maxAnchors", "6")]
    [InlineData("maxAnchors", "-1")]
    [InlineData("maxAnchors", "2.5")]
    [InlineData("maxAnchors", "99999999999")]
    [InlineData("maxAnchors", "\"3\"")]
    [InlineData("maxAnchors", "{}")]
    [InlineData("start", "1")]
    [InlineData("start", "\"true\"")]
    public async Task A_field_out_of_range_or_of_another_kind_is_named(string field, string value)
    {
        var answer = await plane.Rooms.PostText("/api/rooms", $$"""{"{{field}}":{{value}}}""");

        Assert.Equal((400, "validation_failed", false), (answer.Status, answer.Code, answer.Retryable));
        Assert.StartsWith($"{field}: must be ", Assert.Single(answer.Details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var answer = await plane.Rooms.Post("/api/rooms", new { roomId = "no!", pin = "12", maxAnchors = 6, start = "yes" });

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            [
                "roomId: must be 3 to 32 of A-Z a-z 0-9 _ -",
                "pin: must be exactly 6 letters or digits",
                "maxAnchors: must be a whole number from 1 to 5",
                "start: must be true or false",
            ],
            answer.Details);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("_-_")]
    [InlineData("12345678901234567890123456789012")]
    public async Task Ids_at_the_limits_are_taken(string id)
    {
        Assert.Equal(201, (await plane.Rooms.Post("/api/rooms", new { roomId = id })).Status);
        Assert.Equal(id, (await plane.Rooms.Get($"/api/rooms/{id}")).Room.Text("roomId"));
    }

    [Theory]
    [InlineData("{nonsense")]
    [InlineData("{\"roomId\":\"abc\"")]
    [InlineData("{\"roomId\":\"abc\",}")]
    [InlineData("[]")]
    [InlineData("\"room\"")]
    [InlineData("7")]
    [InlineData("{} {}")]
    public async Task What_is_not_a_JSON_object_is_refused(string body)
    {
        var answer = await plane.Rooms.PostText("/api/rooms", body);

        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
        Assert.StartsWith("body: ", Assert.Single(answer.Details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_body_is_refused() =>
        Assert.Equal((415, "unsupported_media_type"), await Outcome(plane.Rooms.PostText("/api/rooms", "roomId=abc", "application/x-www-form-urlencoded")));

    [Fact]
    public async Task A_body_over_64_KiB_is_refused()
    {
        var large = Encoding.UTF8.GetBytes($$"""{"roomId":"{{new string('x', 64 * 1024)}}"}""");
        var id = await plane.Create();

        Assert.Equal((413, "payload_too_large"), await Outcome(plane.Rooms.Send(HttpMethod.Post, "/api/rooms", Json(new ByteArrayContent(large)))));
        Assert.Equal((413, "payload_too_large"), await Outcome(plane.Rooms.Send(HttpMethod.Post, "/api/rooms", Json(new StreamContent(new Unmeasured(large))))));
        Assert.Equal((413, "payload_too_large"), await Outcome(plane.Rooms.Send(HttpMethod.Post, $"/api/rooms/{id}/start", Json(new ByteArrayContent(large)))));
        Assert.Equal(["room_created"], await plane.Steps(id));
    }

    [Fact]
    public async Task What_is_not_an_address_or_a_method_of_ours_is_refused_in_the_same_shape()
    {
        Assert.Equal((404, "not_found"), await Outcome(plane.Rooms.Get("/api/nothing")));
        Assert.Equal((404, "not_found"), await Outcome(plane.Rooms.Get("/api/rooms/abc/def")));
        Assert.Equal((405, "method_not_allowed"), await Outcome(plane.Rooms.Send(HttpMethod.Put, "/api/rooms")));
    }

    private static async Task<(int, string?)> Outcome(Task<Answer> call) => (await call) is var answer ? (answer.Status, answer.Code) : default;

    private static HttpContent Json(HttpContent content)
    {
        content.Headers.ContentType = new("application/json");
        return content;
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unmeasured(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
