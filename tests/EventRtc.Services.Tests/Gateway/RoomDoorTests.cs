using EventRtc.Domain;
using EventRtc.Gateway.Rooms;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

public sealed class RoomDoorTests
{
    private const string Pin = "A1b2C3";
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;
    private static readonly ModuleId Janus = new("janus-1"), Mixer = new("mixer-1");
    private static readonly Heartbeat Beat = new(Heartbeat.Healthy, "host", 10, 0, At, "ws://10.0.0.1:8188");

    private static readonly RoomViews Ready = new(
        new RoomMeta(Pin, "rooms/r/stream.m3u8", 3, At),
        new LiveMeta(LiveStatus.OnAir, Mixer, Janus, "nonce", At),
        new JanusView(Janus, 5_000_000_000, JanusStatus.RoomCreated, At),
        Mixer: null);

    public static TheoryData<string, RoomViews, Heartbeat?> NotReady => new()
    {
        { "created and not started", Ready with { Live = null, Janus = null }, null },
        { "no Janus room yet", Ready with { Janus = null }, Beat },
        { "moved, the new Janus has not reported yet", Ready with { Janus = Ready.Janus! with { Id = new("janus-2") } }, Beat },
        { "the Janus is silent", Ready, null },
        { "the Janus has no address", Ready, Beat with { WsUrl = null } },
        { "the Janus's address is none", Ready, Beat with { WsUrl = "nonsense" } },
    };

    [Fact]
    public void It_shows_the_way_to_the_media() => Assert.Equal(
        (new MediaPlace(Janus, new Uri("ws://10.0.0.1:8188"), 5_000_000_000, Pin, "nonce"), null), RoomDoor.Judge(Ready, Beat, Role.Anchor, Pin));

    [Theory, MemberData(nameof(NotReady))]
    public void A_room_that_will_be_ready_says_so(string what, RoomViews views, Heartbeat? janus)
    {
        Assert.NotEqual("", what);
        Assert.Equal((null, GatewayRejections.NotReady), RoomDoor.Judge(views, janus, Role.Anchor, Pin));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a1b2c3")]
    [InlineData("A1b2C")]
    [InlineData("A1b2C34")]
    [InlineData("ÄÖÜäöü")]
    public void Only_the_pin_opens_and_its_lack_tells_nothing_else(string? pin)
    {
        Assert.Equal((null, GatewayRejections.WrongPin), RoomDoor.Judge(Ready, Beat, Role.Anchor, pin));
        Assert.Equal((null, GatewayRejections.WrongPin), RoomDoor.Judge(Ready, Beat, Role.Guest, pin));
        Assert.Equal((null, GatewayRejections.WrongPin), RoomDoor.Judge(Ready with { Live = null }, Beat, Role.Anchor, pin));
        Assert.Null(RoomDoor.Judge(Ready, Beat, Role.Host, pin).Why);
    }

    [Fact]
    public void A_room_that_ends_or_is_none_stays_closed()
    {
        Assert.Equal((null, RoomRejections.NotFound), RoomDoor.Judge(RoomViews.Empty, Beat, Role.Host, Pin));
        Assert.Equal((null, RoomRejections.Removing), RoomDoor.Judge(Ready with { Live = Ready.Live! with { Status = LiveStatus.Removing } }, Beat, Role.Host, Pin));
    }
}
