using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class StatsTests(ControlPlane plane)
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task Rooms_and_participants_are_counted()
    {
        var onAir = await plane.CreateForwarding();
        await plane.Create();
        var (ann, bob) = (await plane.Admit(onAir, "host"), await plane.Admit(onAir, "guest"));
        await plane.Presence.Join(new(new(onAir), ann.User, Role.Host, 1), Ct);
        await plane.Presence.Join(new(new(onAir), bob.User, Role.Guest, 1), Ct);

        await Agree();
        Assert.InRange((await Stats()).GetProperty("participants").GetInt64(), 2, long.MaxValue);

        await plane.Presence.Leave(new LeaveRoom(new(onAir), bob.User, 1, "left"), Ct);
        await plane.Rooms.Delete($"/api/rooms/{onAir}");
        await Agree();
    }

    [Fact]
    public async Task Without_the_users_service_no_number_is_made_up()
    {
        await using var hasty = plane.Replica(plane.Deployment.Rooms, ("RPC_CLIENT_TIMEOUT", "300ms"));
        await hasty.Start();
        using var api = new Api(hasty.Url);
        await plane.Deployment.Users.Kill();
        try
        {
            var answer = await api.Get("/api/stats");
            Assert.Equal((503, "unavailable", true), (answer.Status, answer.Code, answer.Retryable));
        }
        finally
        {
            await plane.Deployment.Users.Start();
        }
        await Eventually.True(async () => (await api.Get("/api/stats")).Status == 200, ControlPlane.Patience, "it is answered again");
    }

    /// <summary>Waits until the numbers are those of the list of rooms and of what Redis holds; other tests' rooms are among them.</summary>
    private Task Agree() => Eventually.True(async () =>
    {
        var (rooms, stats) = (await Rooms(), await Stats());
        return (rooms.Count, rooms.Count(room => room.Text("status") == "onair"), await Participants())
            == (stats.GetProperty("totalRooms").GetInt32(), stats.GetProperty("activeRooms").GetInt32(), stats.GetProperty("participants").GetInt64());
    }, ControlPlane.Patience, "the numbers are right");

    private async Task<JsonElement> Stats()
    {
        var answer = await plane.Rooms.Get("/api/stats");
        Assert.Equal((200, true), (answer.Status, answer.Body.GetProperty("success").GetBoolean()));
        return answer.Body.GetProperty("stats");
    }

    private async Task<List<JsonElement>> Rooms()
    {
        var (all, after) = (new List<JsonElement>(), "");
        while (true)
        {
            var page = (await plane.Rooms.Get($"/api/rooms?limit=1000{after}")).Body;
            all.AddRange(page.Items("rooms"));
            if (!page.Has("next"))
                return all;
            after = $"&after={page.Text("next")}";
        }
    }

    private async Task<long> Participants()
    {
        var count = 0L;
        foreach (var room in (await plane.Redis.HashGetAllAsync("rtcus:rooms")).Keys)
            count += (await plane.Redis.HashGetAllAsync($"rtcus:r:{room}:us")).Keys.Count(field => field.StartsWith("m:", StringComparison.Ordinal));
        return count;
    }
}
