using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>What a visitor can do, and what it is told.</summary>
public sealed class GatewayTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    [Fact]
    public async Task A_visitor_joins_speaks_and_leaves()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Connect(room);

        var joined = await visitor.Join();
        Assert.False(joined.GetProperty("resume").GetBoolean());
        Assert.NotEqual("", joined.GetProperty("jtoken").GetString());
        await visitor.SeesMembers((visitor.User, "idle"));

        Assert.Contains("a=rtpmap:111 opus/48000/2", await visitor.Offer(), StringComparison.Ordinal);
        Assert.Equal([KeyValuePair.Create(visitor.User.Value, false)], await rig.Participants(room));

        await visitor.Ask("keepalive", new { status = "onair" });
        await visitor.SeesMembers((visitor.User, "onair"));

        Assert.Equal(JsonValueKind.Null, (await visitor.Ask("leave")).ValueKind);
        Assert.Equal((1000, "left", false), await visitor.IsClosed());
        Assert.Empty(await rig.Participants(room));
        Assert.Equal(["AnchorAdmitted", "AnchorJoined", "AnchorLeft"], rig.Rooms.Steps(room).Where(step => step.StartsWith("Anchor", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Visitors_see_each_other_come_act_and_go()
    {
        var room = await rig.OnAir();
        await using var first = await rig.Join(room);
        await using (var second = await rig.Join(room, Role.Host))
        {
            await first.SeesMembers((first.User, "idle"), (second.User, "idle"));
            await second.SeesMembers((first.User, "idle"), (second.User, "idle"));
            await first.Ask("status", new { status = "onair" });
            await second.SeesMembers((first.User, "onair"), (second.User, "idle"));
            await second.Offer();
        }

        await first.SeesMembers((first.User, "onair"));
        await Eventually.True(async () => (await rig.Participants(room)).Count == 0, WorkerRig.Patience, "the dropped connection's participant is gone");
        var versions = first.Heard("roomStatus").Select(status => status.GetProperty("version").GetInt64()).ToList();
        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task A_room_tells_only_its_own_visitors()
    {
        await using var here = await rig.Join(await rig.OnAir());
        await using var there = await rig.Join(await rig.OnAir());

        await there.Ask("keepalive", new { status = "onair" });
        await there.SeesMembers((there.User, "onair"));

        Assert.Equal([here.User.Value], here.Members().Keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("000000")]
    [InlineData("12345")]
    [InlineData("")]
    public async Task Without_the_pin_nobody_joins_but_the_host(string? pin)
    {
        var room = await rig.OnAir();
        await using var anchor = await rig.Connect(room);
        await using var host = await rig.Connect(room, Role.Host);

        var refused = await anchor.Refused("join", new { clientId = anchor.ClientId, pin });
        Assert.Equal((RpcErrors.Conflict, "wrong_pin", false), (refused.Code, refused.Reason, refused.Retryable));
        await anchor.Join();
        await host.Join(pin);
    }

    [Fact]
    public async Task A_room_that_is_not_on_air_cannot_be_joined()
    {
        var room = WorkerRig.NewRoom();
        var user = new UserId(Guid.NewGuid());
        await using var visitor = await GatewayClient.Connect(rig.Address(rig.TokenOf(room, user)), user);

        Assert.Equal((RpcErrors.NotFound, "room_not_found", false), Of(await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin })));

        await rig.Rooms.Do(new RoomCommand.CreateRoom(room, GatewayRig.Pin, 3, RoomsInMemory.Now), new RoomCommand.AdmitAnchor(room, user, Role.Anchor, RoomsInMemory.Now));
        await Eventually.True(
            async () => Of(await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin })) == (RpcErrors.Unavailable, "room_not_ready", true),
            WorkerRig.Patience, "the room is known and not ready");

        await rig.Rooms.Do(new RoomCommand.StartLive(room, WorkerRig.JanusId, WorkerRig.MixerId, WorkerRig.NewNonce(), RoomsInMemory.Now));
        await Eventually.True(async () => (await visitor.Join()).ValueKind is JsonValueKind.Object, WorkerRig.Patience, "the same connection joins once the room is ready");
    }

    [Fact]
    public async Task What_the_room_refuses_reaches_the_visitor_and_leaves_no_session()
    {
        var room = await rig.OnAir();
        var user = new UserId(Guid.NewGuid());
        await using var stranger = await GatewayClient.Connect(rig.Address(rig.TokenOf(room, user)), user);
        var before = await rig.JanusSessions();

        Assert.Equal((RpcErrors.Conflict, "not_admitted", false), Of(await stranger.Refused("join", new { clientId = stranger.ClientId, pin = GatewayRig.Pin })));

        Assert.Equal(before, await rig.JanusSessions());
        Assert.Equal("not_joined", (await stranger.Refused("keepalive", new { status = "idle" })).Reason);
    }

    [Fact]
    public async Task A_guest_is_in_the_room_and_muted()
    {
        var room = await rig.OnAir();
        await using var guest = await rig.Join(room, Role.Guest);

        await guest.Offer();

        Assert.Equal([KeyValuePair.Create(guest.User.Value, true)], await rig.Participants(room));
    }

    [Fact]
    public async Task An_offer_may_be_repeated_and_a_bad_one_is_refused()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);

        foreach (var bad in (object[])[new { type = "answer", sdp = Sdp.Offer() }, new { type = "offer", sdp = "nonsense" }, new { type = "offer", sdp = "" }])
            Assert.Equal((RpcErrors.InvalidParams, "invalid_offer", false), Of(await visitor.Refused("offer", new { sdp = bad })));
        await visitor.Offer();
        await visitor.Offer();

        Assert.Single(await rig.Participants(room));
    }

    [Fact]
    public async Task Candidates_may_come_before_the_offer_and_after_it()
    {
        await using var visitor = await rig.Join(await rig.OnAir());

        await visitor.Ask("icecandidate", Sdp.Candidate(40_000));
        await visitor.Offer();
        await visitor.Ask("icecandidate", Sdp.Candidate(40_001));
        await visitor.Ask("icecandidate", new { candidate = new { candidate = "" } });
        await visitor.Ask("icecandidate", new { completed = true });

        foreach (var bad in (object[])[new { }, new { completed = false }, new { candidate = "text" }, new { candidate = new { sdpMid = "0" } }])
            Assert.Equal(RpcErrors.InvalidParams, (await visitor.Refused("icecandidate", bad)).Code);
    }

    [Fact]
    public async Task The_visitor_hears_of_Januss_candidates_as_they_are_found()
    {
        await using var visitor = await rig.Join(await rig.OnAir());

        await visitor.Offer();

        var candidate = (await visitor.Hears("candidate", heard => heard.TryGetProperty("candidate", out _))).GetProperty("candidate");
        Assert.StartsWith("candidate:", candidate.GetProperty("candidate").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, candidate.GetProperty("sdpMLineIndex").GetInt32()); // sdpMid is not always there
        Assert.Equal("""{"completed":true}""", (await visitor.Hears("candidate", heard => heard.TryGetProperty("completed", out _))).GetRawText());
    }

    [Fact]
    public async Task So_many_candidates_before_an_offer_are_too_many()
    {
        await using var visitor = await rig.Join(await rig.OnAir());
        for (var i = 0; i < 100; i++)
            await visitor.Ask("icecandidate", Sdp.Candidate(40_000 + i));

        Assert.Equal("too_many_candidates", (await visitor.Refused("icecandidate", Sdp.Candidate(41_000))).Reason);

        await visitor.Offer();
    }

    [Fact]
    public async Task Before_a_join_there_is_nothing_to_do()
    {
        await using var visitor = await rig.Connect(await rig.OnAir());

        Assert.Equal("not_joined", (await visitor.Refused("offer", new { sdp = new { type = "offer", sdp = Sdp.Offer() } })).Reason);
        Assert.Equal("not_joined", (await visitor.Refused("icecandidate", Sdp.Candidate(40_000))).Reason);
        Assert.Equal("not_joined", (await visitor.Refused("keepalive", new { status = "onair" })).Reason);
    }

    [Theory]
    [InlineData("join", """{"pin":"123456"}""")]
    [InlineData("join", """{"clientId":"not a uuid","pin":"123456"}""")]
    [InlineData("join", """{"clientId":"6f1c1f0e-4f63-1c6e-9a43-2f6d1f3f4a51","pin":"123456"}""")]
    [InlineData("join", """{"clientId":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","pin":123456}""")]
    [InlineData("join", """{"clientId":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51","pin":"123456","displayName":"0123456789012345678901234567890123456789012345678901234567890123456789"}""")]
    [InlineData("offer", "{}")]
    [InlineData("offer", """{"sdp":"v=0"}""")]
    [InlineData("keepalive", "{}")]
    [InlineData("keepalive", """{"status":"asleep"}""")]
    [InlineData("status", """{"status":1}""")]
    public async Task Wrong_params_are_refused_and_the_connection_lives(string method, string json)
    {
        await using var visitor = await rig.Connect(await rig.OnAir());

        Assert.Equal(RpcErrors.InvalidParams, (await visitor.Refused(method, JsonElement.Parse(json))).Code);

        await visitor.Join();
    }

    [Fact]
    public async Task The_same_tab_takes_its_place_again_and_another_does_not()
    {
        var room = await rig.OnAir();
        var (user, token) = await rig.Admit(room);
        await using var first = await GatewayClient.Connect(rig.Address(token), user);
        await using var again = await GatewayClient.Connect(rig.Address(token), user);
        await using var other = await GatewayClient.Connect(rig.Address(token), user);
        await first.Join();
        await first.Offer();

        Assert.Equal("already_joined", (await other.Refused("join", new { clientId = other.ClientId, pin = GatewayRig.Pin })).Reason);
        await again.Ask("join", new { clientId = first.ClientId, pin = GatewayRig.Pin });

        Assert.Equal((4009, "taken_over", false), await first.IsClosed());
        await again.Offer();
        await again.SeesMembers((user, "idle"));
        await rig.HasParticipants(room, user);
    }

    [Fact]
    public async Task A_removed_room_sends_its_visitors_away()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.Remove(room);

        Assert.Equal("removed", (await visitor.Hears("roomEnding")).GetProperty("reason").GetString());
        Assert.Equal((4410, "room_ended", false), await visitor.IsClosed());
    }

    [Fact]
    public async Task A_moved_room_tells_its_visitors_to_join_again()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();
        var nonce = rig.Rooms.Views(room).Live!.Nonce;

        await rig.Rooms.Do(
            new RoomCommand.ReassignModules(room, new("janus-2"), WorkerRig.MixerId, "test", RoomsInMemory.Now),
            new RoomCommand.ReportJanusRoom(room, new("janus-2"), nonce, 4242, RoomsInMemory.Now));

        Assert.Equal("moved", (await visitor.Hears("mediaMoved")).GetProperty("reason").GetString());
        Assert.Equal("not_joined", (await visitor.Refused("offer", new { sdp = new { type = "offer", sdp = Sdp.Offer() } })).Reason);
        Assert.Equal("room_not_ready", (await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin })).Reason);
        await visitor.Ask("keepalive", new { status = "onair" });
    }

    private static (int Code, string? Reason, bool Retryable) Of(RpcException refused) => (refused.Code, refused.Reason, refused.Retryable);
}
