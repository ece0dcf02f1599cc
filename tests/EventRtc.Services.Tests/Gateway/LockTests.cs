using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>One connection for each user of a room, over two gateways, whatever happens to either or to Redis.</summary>
public sealed class LockTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    private ServiceProcess second = null!;

    public async ValueTask InitializeAsync() => second = await rig.StartGateway("gateway-2");

    public ValueTask DisposeAsync() => second.DisposeAsync();

    [Fact]
    public async Task Another_client_waits_until_the_place_is_free()
    {
        var room = await rig.OnAir();
        await using var first = await rig.Join(room);
        await using var other = await Other(room, first.User, second);

        Assert.Equal("already_joined", await Refusal(other));
        await first.Ask("leave");
        await other.Join();

        Assert.StartsWith("gateway-2.", await rig.Holder(room, first.User), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_connection_frees_its_place_at_once()
    {
        var room = await rig.OnAir();
        await using var first = await rig.Join(room);
        await using var other = await Other(room, first.User, second);

        first.Drop();

        await Eventually.True(async () => await Refusal(other) is null, WorkerRig.Patience, "another client gets the place");
    }

    [Fact]
    public async Task A_killed_gateways_places_are_free_when_it_shows_no_life_any_more()
    {
        var room = await rig.OnAir();
        await using var third = await rig.StartGateway("gateway-3");
        var (user, token) = await rig.Admit(room);
        await using var first = await GatewayClient.Connect(rig.Address(token, gateway: third), user);
        await first.Join();
        await using var other = await Other(room, user, second);

        await third.Kill();
        Assert.Equal("already_joined", await Refusal(other));

        await Eventually.True(async () => await Refusal(other) is null, TimeSpan.FromSeconds(5), "another client gets the place within 3 s and what a request takes");
    }

    [Fact]
    public async Task A_paused_gateway_finds_its_places_taken_and_closes_them()
    {
        var room = await rig.OnAir();
        await using var third = await rig.StartGateway("gateway-3");
        var (user, token) = await rig.Admit(room);
        await using var first = await GatewayClient.Connect(rig.Address(token, gateway: third), user);
        await first.Join();
        await first.Offer();
        await using var other = await Other(room, user, second);

        await third.Freeze();
        await Eventually.True(async () => await Refusal(other) is null, WorkerRig.Patience, "another client gets the place of a gateway that shows no life");
        await other.Offer();
        third.Thaw();

        Assert.Equal((4009, "taken_over", false), await first.IsClosed());
        await rig.HasParticipants(room, user);
        await other.Ask("keepalive", new { status = "onair" });
        await other.SeesMembers((user, "onair"));
    }

    [Fact]
    public async Task A_place_that_is_not_kept_is_lost_and_the_connection_told_to_come_back()
    {
        var room = await rig.OnAir();
        await using var brief = await rig.StartGateway("gateway-brief", ("GATEWAY_LOCK_TTL", "2s"));
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: brief), user);
        await visitor.Join();
        await visitor.Offer();

        Assert.Equal((1012, "lock_lost", true), await visitor.IsClosed());

        await using var again = await rig.Reconnect(room, visitor);
        Assert.True(await again.Resume());
    }

    [Fact]
    public async Task Keepalives_keep_it()
    {
        var room = await rig.OnAir();
        await using var brief = await rig.StartGateway("gateway-brief", ("GATEWAY_LOCK_TTL", "5s"));
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: brief), user);
        await visitor.Join();

        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5)); // what the test is about: together longer than the lock lasts
            await visitor.Ask("keepalive", new { status = "idle" });
        }

        Assert.NotNull(await rig.Holder(room, user));
    }

    [Fact]
    public async Task When_Redis_lost_its_data_everybody_comes_back_and_resumes()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.RedisCalls.ExecuteAsync(["FLUSHALL"]);

        Assert.Equal((1012, "lock_lost", true), await visitor.IsClosed());
        await using var again = await rig.Reconnect(room, visitor, second);
        await Eventually.True(() => again.Resume(), WorkerRig.Patience, "its media went on");
        await again.SeesMembers((again.User, "idle"));
    }

    [Fact]
    public async Task A_look_after_the_places_that_failed_is_taken_again()
    {
        var (room, another) = (await rig.OnAir(), await rig.OnAir());
        await using var third = await rig.StartGateway("gateway-lapsing");
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: third), user);
        await visitor.Join();
        var (obstacle, pass) = await rig.Admit(another);
        await using var other = await GatewayClient.Connect(rig.Address(pass, gateway: third), obstacle);
        await other.Join();
        await rig.RedisCalls.ExecuteAsync(["CONFIG", "RESETSTAT"]);

        // The place of one cannot be read, and the gateway finds that its sign of life had lapsed.
        await rig.RedisCalls.ExecuteAsync(["DEL", $"rtcus:c:{another}:{obstacle}"]);
        await rig.RedisCalls.ExecuteAsync(["HSET", $"rtcus:c:{another}:{obstacle}", "no", "place"]);
        await rig.RedisCalls.ExecuteAsync(["DEL", (string)(await rig.RedisCalls.ExecuteAsync(["KEYS", "rtcus:s:gateway-lapsing*"]))[0]!]);
        await Eventually.True(
            async () => ((string)(await rig.RedisCalls.ExecuteAsync(["INFO", "errorstats"]))!).Contains("WRONGTYPE", StringComparison.Ordinal), WorkerRig.Patience, "a look fails");
        await rig.RedisCalls.ExecuteAsync(["DEL", $"rtcus:c:{room}:{user}"]);

        Assert.Equal((1012, "lock_lost", true), await visitor.IsClosed());
        await rig.RedisCalls.ExecuteAsync(["DEL", $"rtcus:c:{another}:{obstacle}"]);
        Assert.Equal((1012, "lock_lost", true), await other.IsClosed());
    }

    [Fact]
    public async Task A_gateway_that_stops_leaves_no_place_behind()
    {
        var room = await rig.OnAir();
        await using var third = await rig.StartGateway("gateway-stopping");
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: third), user);
        await visitor.Join();

        await third.Stop();

        Assert.Equal((1012, "restart", true), await visitor.IsClosed());
        Assert.Null(await rig.Holder(room, user));
        Assert.Equal(0, (await rig.RedisCalls.ExecuteAsync(["KEYS", "rtcus:s:gateway-stopping*"])).Length);
    }

    /// <summary>Another tab, or another device, with the same user's token.</summary>
    private Task<GatewayClient> Other(RoomId room, UserId user, ServiceProcess gateway) => GatewayClient.Connect(rig.Address(rig.TokenOf(room, user), gateway: gateway), user);

    private static async Task<string?> Refusal(GatewayClient client)
    {
        try
        {
            await client.Join();
            return null;
        }
        catch (JsonRpc.RpcException refused)
        {
            return refused.Reason;
        }
    }
}
