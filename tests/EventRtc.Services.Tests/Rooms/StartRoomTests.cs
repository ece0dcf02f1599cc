using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class StartRoomTests(ControlPlane plane)
{
    [Fact]
    public async Task A_room_goes_on_air_once_however_often_it_is_started()
    {
        var id = await plane.Create();

        var first = await plane.Rooms.Post($"/api/rooms/{id}/start", new { });
        var second = await plane.Rooms.Post($"/api/rooms/{id}/start", new { });

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal("onair", first.Room.Text("status"));
        Assert.Equal(("janus-1", "mixer-1"), (first.Room.Text("janusId"), first.Room.Text("mixerId")));
        Assert.False(first.Room.Has("pin"));
        Assert.Equal(first.Room.GetRawText(), second.Room.GetRawText());
        Assert.Equal(["room_created", "live_started"], await plane.Steps(id));
    }

    [Fact]
    public async Task A_room_that_does_not_exist_is_not_started()
    {
        foreach (var id in (string[])[ControlPlane.NewRoom(), "x", "no%20id"])
            Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Post($"/api/rooms/{id}/start", new { })));
    }

    [Fact]
    public async Task A_room_being_removed_is_not_started()
    {
        var id = await plane.CreateForwarding();
        await plane.Rooms.Delete($"/api/rooms/{id}");

        Assert.Equal((409, "room_removing"), Outcome(await plane.Rooms.Post($"/api/rooms/{id}/start", new { })));
    }

    [Fact]
    public async Task Without_modules_only_a_room_that_needs_them_is_refused()
    {
        var (created, live) = (await plane.Create(), await plane.Create(new { start = true }));
        await plane.WithdrawModules();

        var refused = await plane.Rooms.Post($"/api/rooms/{created}/start", new { });
        Assert.Equal((503, "no_capacity", true), (refused.Status, refused.Code, refused.Retryable));
        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{live}/start", new { })).Status);
        Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Post($"/api/rooms/{ControlPlane.NewRoom()}/start", new { })));

        await plane.OfferModules();
        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{created}/start", new { })).Status);
        Assert.Equal(["room_created", "live_started"], await plane.Steps(created));
    }

    public static TheoryData<string, int, int> Unfit => new()
    {
        { Heartbeat.Healthy, 0, 0 },
        { Heartbeat.Healthy, 2, 2 },
        { "overloaded", 2, 0 },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task A_room_is_placed_on_fit_modules_only(string status, int capacity, int streams)
    {
        var fit = new Heartbeat(Heartbeat.Healthy, "test", 1, 0, DateTimeOffset.UnixEpoch);
        var unfit = new Heartbeat(status, "test", capacity, streams, DateTimeOffset.UnixEpoch);
        var id = await plane.Create();

        await plane.WithdrawModules(janus: fit, mixer: unfit);
        Assert.Equal((503, "no_capacity"), Outcome(await plane.Rooms.Post($"/api/rooms/{id}/start", new { })));
        await plane.WithdrawModules(janus: unfit, mixer: fit);
        Assert.Equal((503, "no_capacity"), Outcome(await plane.Rooms.Post($"/api/rooms/{id}/start", new { })));
        await plane.OfferModules();
    }

    [Fact]
    public async Task A_marked_module_takes_no_more_rooms()
    {
        var mark = new ModuleKeys(ModuleKeys.JanusPrefix).Mark(ControlPlane.Janus);
        var id = await plane.Create();

        await plane.Etcd.Put(mark, """{"label":"cordon"}"""u8.ToArray());
        await Eventually.True(async () => (await plane.Rooms.Post("/api/rooms", new { start = true })).Code == "no_capacity", ControlPlane.Patience, "the cordon is known");
        Assert.Equal((503, "no_capacity"), Outcome(await plane.Rooms.Post($"/api/rooms/{id}/start", new { })));

        await plane.Etcd.Put(mark, """{"label":"ready"}"""u8.ToArray());
        await plane.OfferModules();
        await plane.Etcd.Delete(mark);
        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{id}/start", new { })).Status);
    }

    private static (int, string?) Outcome(Answer answer) => (answer.Status, answer.Code);
}
