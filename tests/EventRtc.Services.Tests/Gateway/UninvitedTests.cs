using System.Text.RegularExpressions;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>A good token is not enough: nobody acts in a room before the users service has let it in through this connection.</summary>
public sealed partial class UninvitedTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    /// <summary>The exporter answers so long with the page that it has made.</summary>
    private static readonly TimeSpan PageAge = TimeSpan.FromMilliseconds(350);

    private static readonly (string Method, object? Params)[] Deeds =
        [("mute", new { muted = true }), ("mute", new { userId = Guid.NewGuid(), muted = true }), ("remove", new { userId = Guid.NewGuid() }), ("endRoom", null)];

    private ServiceProcess gateway = null!;

    /// <summary>It gives the users service up quickly.</summary>
    public async ValueTask InitializeAsync() => gateway = await rig.StartGateway("gateway-2", ("RPC_CLIENT_TIMEOUT", "1s"));

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task The_host_of_an_earlier_room_of_the_same_id_does_nothing_while_it_joins_or_after()
    {
        var room = await rig.OnAir();
        await using var host = await Connect(room, new UserId(Guid.NewGuid()), Role.Host);
        Task<RpcException> joined, offered;

        await rig.Users.Freeze();
        try
        {
            joined = host.Refused("join", Entrance(host));
            await Eventually.True(async () => await rig.Holder(room, host.User) is not null, WorkerRig.Patience, "it has the place");
            foreach (var (method, given) in Deeds)
                Assert.Equal((method, "not_joined"), (method, (await host.Refused(method, given)).Reason));
            offered = Offer(host);
            await joined;
        }
        finally
        {
            rig.Users.Thaw();
        }

        Assert.Equal("not_joined", (await offered).Reason);
        Assert.Equal("not_admitted", await Eventually.Value(async () => await host.Refused("join", Entrance(host)) is { Retryable: false, Reason: { } reason } ? reason : null, WorkerRig.Patience, "it is refused for good"));
        foreach (var (method, given) in Deeds)
            Assert.Equal((method, "not_joined"), (method, (await host.Refused(method, given)).Reason));
        Assert.Empty(rig.Rooms.History(room).OfType<RoomEvent.RemovalRequested>());
        await rig.HasParticipants(room);
    }

    [Fact]
    public async Task An_anchor_who_was_removed_is_not_on_air_while_the_users_service_is_away()
    {
        var room = await rig.OnAir();
        var (user, _) = await rig.Admit(room);
        await rig.Rooms.Do(new RoomCommand.ReportAnchorLeft(room, user, LeaveReasons.Removed, RoomsInMemory.Now));
        await using var anchor = await Connect(room, user, Role.Anchor);

        await WithoutUsers(anchor);

        Assert.Equal("not_admitted", (await anchor.Refused("keepalive", new { status = "onair" })).Reason);
        await rig.HasParticipants(room);
    }

    [Fact]
    public async Task Who_joined_while_the_users_service_was_away_is_let_in_by_its_next_keepalive()
    {
        var room = await rig.OnAir();
        var (user, _) = await rig.Admit(room);
        await using var anchor = await Connect(room, user, Role.Anchor);

        await WithoutUsers(anchor);
        Assert.Equal(0, await Joined());

        await anchor.Ask("keepalive", new { status = "onair" });
        await anchor.Offer();
        await rig.HasParticipants(room, user);
        await anchor.SeesMembers((user, "onair"));
        Assert.Equal(1, await Joined());
        await anchor.Join();
        Assert.Equal(1, await Joined());

        await anchor.Ask("leave");
        await anchor.Closed;
        await Eventually.True(async () => await Joined() == 0, WorkerRig.Patience, "it is counted no longer");
    }

    /// <summary>It joins, which fails for the moment, and may not offer.</summary>
    private async Task WithoutUsers(GatewayClient anchor)
    {
        await rig.Users.Freeze();
        try
        {
            var refused = await anchor.Refused("join", Entrance(anchor));
            Assert.Equal((RpcErrors.Unavailable, true), (refused.Code, refused.Retryable));
            Assert.Equal("not_joined", (await Offer(anchor)).Reason);
        }
        finally
        {
            rig.Users.Thaw();
        }
    }

    private Task<GatewayClient> Connect(RoomId room, UserId user, Role role) => GatewayClient.Connect(rig.Address(rig.TokenOf(room, user, role), gateway: gateway), user);

    /// <summary>The anchors that the gateway counts; none are shown before there was one.</summary>
    private async Task<int> Joined()
    {
        await Task.Delay(PageAge);
        using var http = new HttpClient();
        var shown = await http.GetStringAsync(new Uri(gateway.Url, "/metrics"));
        return Counted().Match(shown) is { Success: true } counted ? int.Parse(counted.Groups[1].Value) : 0;
    }

    [GeneratedRegex(@"^eventrtc_gateway_members\{[^}]*role=""anchor""[^}]*\} (\d+)", RegexOptions.Multiline)]
    private static partial Regex Counted();

    private static object Entrance(GatewayClient visitor) => new { clientId = visitor.ClientId, pin = GatewayRig.Pin };

    private static Task<RpcException> Offer(GatewayClient visitor) => Assert.ThrowsAsync<RpcException>(visitor.Offer);
}
