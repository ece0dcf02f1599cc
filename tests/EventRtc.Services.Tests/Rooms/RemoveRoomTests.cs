using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class RemoveRoomTests(ControlPlane plane)
{
    [Fact]
    public async Task A_room_that_was_never_on_air_is_gone_at_once()
    {
        var id = await plane.Create();

        var answer = await plane.Rooms.Delete($"/api/rooms/{id}");

        Assert.Equal(200, answer.Status);
        Assert.True(answer.Body.GetProperty("success").GetBoolean());
        Assert.NotEmpty(answer.Body.Text("message"));
        Assert.Equal(404, (await plane.Rooms.Get($"/api/rooms/{id}")).Status);
        Assert.Equal(["room_created", "removal_requested", "room_deleted"], await plane.Steps(id));
    }

    [Fact]
    public async Task A_live_room_waits_for_its_modules_and_leaves_no_view()
    {
        var id = await plane.CreateForwarding();

        Assert.Equal(200, (await plane.Rooms.Delete($"/api/rooms/{id}")).Status);
        Assert.Equal(200, (await plane.Rooms.Delete($"/api/rooms/{id}")).Status);
        Assert.Equal((409, "room_exists"), Outcome(await plane.Rooms.Post("/api/rooms", new { roomId = id })));
        await plane.LetGo(id);

        Assert.Equal(
            ["removal_requested", "forwarding_stopped", "janus_room_destroyed", "mixer_released", "room_deleted"], (await plane.Steps(id)).Skip(5));
        await Eventually.True(async () => (await plane.Etcd.List(new ViewKeys().Room(new RoomId(id)))).Items.Count == 0, ControlPlane.Patience, "no view is left");
    }

    [Fact]
    public async Task A_room_that_does_not_exist_cannot_be_removed()
    {
        var id = await plane.Create();
        await plane.Rooms.Delete($"/api/rooms/{id}");

        foreach (var none in (string[])[id, ControlPlane.NewRoom(), "x"])
            Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Delete($"/api/rooms/{none}")));
        Assert.Equal(3, (await plane.Steps(id)).Count);
    }

    [Fact]
    public async Task The_id_of_a_removed_room_is_used_again_and_its_history_goes_on()
    {
        var id = await plane.CreateForwarding();
        await plane.Admit(id);
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.LetGo(id);
        var before = (await plane.Steps(id)).Count;

        var again = await plane.Rooms.Post("/api/rooms", new { roomId = id, pin = "second", maxAnchors = 1 });

        Assert.Equal((201, "second", "created"), (again.Status, again.Room.Text("pin"), again.Room.Text("status")));
        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{id}/start", new { })).Status);
        Assert.Equal(200, (await plane.Users.Post($"/api/rooms/{id}/users", new { })).Status);
        Assert.Equal(["room_created", "live_started", "anchor_admitted"], (await plane.Steps(id)).Skip(before));
        await Eventually.True(
            async () => await plane.ViewOf<RoomMeta>(new ViewKeys().Meta(new RoomId(id))) is { Pin: "second" }
                && await plane.ViewOf<JanusView>(new ViewKeys().Janus(new RoomId(id))) is null,
            ControlPlane.Patience, "the views show the new room");
    }

    [Fact]
    public async Task A_service_that_asks_for_a_host_is_refused_unless_it_is_this_very_room_s()
    {
        var id = new RoomId(await plane.Create());
        var earlier = (await plane.Admit(id.Value, "host")).User;
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.Create(new { roomId = id.Value });
        var host = (await plane.Admit(id.Value, "host")).User;
        Task Remove(UserId who) => plane.Reports.Send(new RoomCommand.RemoveRoom(id, "host", default, who), CancellationToken.None);

        Assert.Equal("wrong_room", (await Assert.ThrowsAsync<RpcException>(() => Remove(earlier))).Reason);
        await Remove(host);

        Assert.Equal(["room_created", "anchor_admitted", "removal_requested", "room_deleted"], (await plane.Steps(id.Value)).Skip(4));
    }

    [Fact]
    public async Task How_long_a_removal_waits_is_for_the_rooms_service_to_say()
    {
        var id = new RoomId(await plane.Create(new { roomId = ControlPlane.NewRoom(), start = true }));

        await plane.Reports.Send(new RoomCommand.RemoveRoom(id, "test", default, Grace: TimeSpan.FromHours(9)), CancellationToken.None);

        var asked = (await plane.History(id.Value))[^1].GetProperty("data");
        var discardAt = asked.GetProperty("discardAt").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(1), discardAt - asked.GetProperty("at").GetDateTimeOffset());
        await Eventually.True(
            async () => (await plane.ViewOf<LiveMeta>(new ViewKeys().Live(id)))?.DiscardAt == discardAt, ControlPlane.Patience, "the view says so too");
    }

    private static (int, string?) Outcome(Answer answer) => (answer.Status, answer.Code);
}
