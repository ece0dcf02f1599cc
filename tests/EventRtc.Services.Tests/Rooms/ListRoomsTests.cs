using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class ListRoomsTests(ControlPlane plane)
{
    [Fact]
    public async Task Pages_follow_each_other_by_room_id_without_gap_or_repeat()
    {
        // '-' sorts before digits and letters, '_' between upper and lower case: orders that are easily confused.
        var start = ControlPlane.NewRoom();
        string[] ids = [.. ((string[])["", "-", "-a", "0", "A", "Z", "_", "a", "ab", "b"]).Select(end => $"{start}x{end}")];
        foreach (var id in ids)
            await plane.Create(new { roomId = id });
        await Eventually.True(async () => (await Page($"limit=1000&after={start}")).Count(id => id.StartsWith(start, StringComparison.Ordinal)) == ids.Length, ControlPlane.Patience, "all rooms are listed");

        var (after, seen) = (start, new List<string>());
        while (seen.Count < ids.Length)
        {
            var page = await plane.Rooms.Get($"/api/rooms?limit=3&after={after}");
            var rooms = page.Body.Items("rooms").Select(room => room.Text("roomId")).ToList();
            Assert.InRange(rooms.Count, 1, 3);
            Assert.Equal(rooms.Count, page.Body.GetProperty("count").GetInt32());
            Assert.True(page.Body.GetProperty("success").GetBoolean());
            seen.AddRange(rooms.Where(id => id.StartsWith(start, StringComparison.Ordinal)));
            after = page.Body.Has("next") ? page.Body.Text("next") : rooms[^1];
        }
        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task The_last_page_names_no_next_one()
    {
        await plane.Create(new { roomId = $"zzz{ControlPlane.NewRoom()}" });
        await Eventually.True(async () => (await Page("after=zzz")).Count > 0, ControlPlane.Patience, "the room is listed");
        var last = (await Page("limit=1000&after=zzz"))[^1];

        var page = await plane.Rooms.Get($"/api/rooms?after={last[..^1]}");
        Assert.Equal([last], page.Body.Items("rooms").Select(room => room.Text("roomId")));
        Assert.False(page.Body.Has("next"));
        var beyond = await plane.Rooms.Get($"/api/rooms?after={last}");
        Assert.Equal((200, 0), (beyond.Status, beyond.Body.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task No_pin_is_ever_listed()
    {
        var id = await plane.Create(new { pin = "hidden" });
        var host = (await plane.Admit(id, "host")).Token;
        await Eventually.True(async () => (await Page($"limit=1&after={id[..^1]}")).Contains(id), ControlPlane.Patience, "the room is listed");

        var page = await plane.Rooms.Get("/api/rooms?limit=1000", host);
        Assert.DoesNotContain("\"pin\"", page.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("")]
    [InlineData("99999999999")]
    public async Task A_limit_out_of_range_is_refused(string limit)
    {
        var answer = await plane.Rooms.Get($"/api/rooms?limit={limit}");

        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
        Assert.Equal(["limit: must be a whole number from 1 to 1000"], answer.Details);
    }

    [Fact]
    public async Task A_removed_room_disappears()
    {
        var id = await plane.Create();
        await Eventually.True(async () => (await Page($"limit=1&after={id[..^1]}")).Contains(id), ControlPlane.Patience, "the room is listed");
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await Eventually.True(async () => !(await Page($"limit=1&after={id[..^1]}")).Contains(id), ControlPlane.Patience, "the room is gone");
    }

    [Fact]
    public async Task What_somebody_else_wrote_into_etcd_hides_no_other_room_and_no_other_module()
    {
        var (broken, heartbeat) = (new ViewKeys().Live(new RoomId($"b-{Guid.NewGuid():N}"[..12])), new ModuleKeys(ModuleKeys.JanusPrefix).Heartbeat(new ModuleId("janus-broken")));
        try
        {
            await plane.Etcd.Put(broken, "nonsense"u8.ToArray());
            await plane.Etcd.Put(heartbeat, "nonsense"u8.ToArray());
            var id = await plane.Create();
            await Eventually.True(async () => (await Page($"limit=1&after={id[..^1]}")).Contains(id), ControlPlane.Patience, "the room is listed");

            Assert.Equal(200, (await plane.Rooms.Get("/api/stats")).Status);
            var modules = await plane.Rooms.Get("/api/modules");
            Assert.Equal(200, modules.Status);
            Assert.Contains(ControlPlane.Janus.Value, modules.Body.GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            await plane.Etcd.Delete(broken);
            await plane.Etcd.Delete(heartbeat);
        }
    }

    private async Task<IReadOnlyList<string>> Page(string query) =>
        [.. (await plane.Rooms.Get($"/api/rooms?{query}")).Body.Items("rooms").Select(room => room.Text("roomId"))];
}
