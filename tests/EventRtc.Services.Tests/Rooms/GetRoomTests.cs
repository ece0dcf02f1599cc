using EventRtc.Domain;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class GetRoomTests(ControlPlane plane)
{
    [Fact]
    public async Task A_room_is_shown_as_its_writer_left_it()
    {
        var id = await plane.Create(new { roomId = ControlPlane.NewRoom(), maxAnchors = 2 });

        var created = (await plane.Rooms.Get($"/api/rooms/{id}")).Room;
        Assert.Equal("created", created.Text("status"));
        Assert.Equal(2, created.GetProperty("maxAnchors").GetInt32());
        Assert.EndsWith($"/hls/rooms/{id}/stream.m3u8", created.Text("hlsUrl"), StringComparison.Ordinal);
        Assert.False(created.Has("janusId") || created.Has("mixerId") || created.Has("rtpPort"));
        Assert.False(created.GetProperty("forwarding").GetBoolean());
    }

    [Fact]
    public async Task What_the_workers_report_shows_at_once()
    {
        var id = await plane.CreateForwarding();

        var room = (await plane.Rooms.Get($"/api/rooms/{id}")).Room;
        Assert.Equal("onair", room.Text("status"));
        Assert.Equal(("janus-1", "mixer-1"), (room.Text("janusId"), room.Text("mixerId")));
        Assert.Equal(5004, room.GetProperty("rtpPort").GetInt32());
        Assert.True(room.GetProperty("forwarding").GetBoolean());

        await plane.Rooms.Delete($"/api/rooms/{id}");
        Assert.Equal("removing", (await plane.Rooms.Get($"/api/rooms/{id}")).Room.Text("status"));
        await plane.LetGo(id);
        Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Get($"/api/rooms/{id}")));
    }

    [Fact]
    public async Task A_room_that_does_not_exist_is_not_found()
    {
        foreach (var id in (string[])[ControlPlane.NewRoom(), "x", "no%20id", "%E4%B8%80%E4%BA%8C%E4%B8%89"])
            Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Get($"/api/rooms/{id}")));
    }

    [Fact]
    public async Task The_pin_is_for_the_rooms_host_alone()
    {
        var (id, other) = (await plane.Create(new { pin = "s3cret" }), await plane.Create());
        var host = (await plane.Admit(id, "host")).Token;

        Assert.Equal("s3cret", (await plane.Rooms.Get($"/api/rooms/{id}", host)).Room.Text("pin"));
        string?[] strangers =
        [
            null, "nonsense",
            (await plane.Admit(id)).Token, (await plane.Admit(id, "guest")).Token, (await plane.Admit(other, "host")).Token,
            plane.Tokens.ForListener(new RoomId(id)),
            plane.Tokens.ForMember(new RoomId(id), new UserId(Guid.NewGuid()), Role.Host, TimeProvider.System.GetUtcNow()), // signed, but never admitted
            plane.Tokens.ForMember(new RoomId(id), plane.Tokens.Read(host)!.User!.Value, Role.Host, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2)),
        ];
        foreach (var stranger in strangers)
            Assert.False((await plane.Rooms.Get($"/api/rooms/{id}", stranger)).Room.Has("pin"));
    }

    [Fact]
    public async Task The_host_of_an_earlier_room_of_the_same_id_does_not_learn_the_new_pin()
    {
        var id = await plane.Create();
        var host = (await plane.Admit(id, "host")).Token;
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.Create(new { roomId = id, pin = "newpin" });

        Assert.False((await plane.Rooms.Get($"/api/rooms/{id}", host)).Room.Has("pin"));
    }

    [Fact]
    public async Task The_list_shows_what_each_room_shows_by_itself()
    {
        var id = await plane.CreateForwarding();
        var alone = (await plane.Rooms.Get($"/api/rooms/{id}")).Room.GetRawText();

        await Eventually.True(
            async () => (await plane.Rooms.Get($"/api/rooms?limit=1&after={id[..^1]}")).Body.Items("rooms") is [var listed] && listed.GetRawText() == alone,
            ControlPlane.Patience, "the list shows the room");
    }

    private static (int, string?) Outcome(Answer answer) => (answer.Status, answer.Code);
}
