using EventRtc.Domain.Tests.Rooms;
using EventRtc.Projections;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Projections;

public sealed class ViewTests
{
    private static readonly RoomMeta Meta = new("abc123", "rooms/studio-1/stream.m3u8", 2, At(0));
    private static readonly LiveMeta Live = new("onair", Mixer, Janus, Nonce, At(10));
    private static readonly MixerView Listening = new(Mixer, "10.0.0.5", 10_000, 3_001);

    [Fact]
    public void A_created_room_shows_what_it_is() => Assert.Equal(RoomViews.Empty with { Meta = Meta }, After(Created));

    [Fact]
    public void A_started_room_shows_its_modules() => Assert.Equal(new RoomViews(Meta, Live, null, null), After(OnAir));

    [Fact]
    public void A_janus_room_shows_its_number() => Assert.Equal(AtJanus("room_created", 20), After([.. OnAir, JanusRoom]).Janus);

    [Fact]
    public void A_port_shows_where_the_mixer_listens() => Assert.Equal(Listening, After([.. OnAir, Port]).Mixer);

    [Fact]
    public void A_flowing_room_shows_everything() => Assert.Equal(new RoomViews(Meta, Live, AtJanus("forwarding", 40), Listening), After(Flowing));

    [Fact]
    public void A_stopped_forwarder_shows() => Assert.Equal(AtJanus("not_forwarding", 60), After([.. Flowing, Stopped]).Janus);

    [Fact]
    public void A_forwarder_that_runs_again_shows() =>
        Assert.Equal(AtJanus("forwarding", 90), After([.. Flowing, Stopped, ((ForwardingStarted)Forwarding) with { At = At(90) }]).Janus);

    [Fact]
    public void Another_janus_room_has_to_be_forwarded_first() =>
        Assert.Equal(
            new JanusView(Janus, 5, "room_created", At(90)),
            After([.. Flowing, new JanusRoomCreated(Room, Janus, 5, At(90))]).Janus);

    [Fact]
    public void Another_port_has_to_be_forwarded_to_first()
    {
        var views = After([.. Flowing, new MixerPortAllocated(Room, Mixer, "10.0.0.5", 10_002, 3_001, At(90))]);
        Assert.Equal((AtJanus("not_forwarding", 90), Listening with { Port = 10_002 }), (views.Janus, views.Mixer));
    }

    [Fact]
    public void A_room_that_waits_for_its_first_forwarder_keeps_waiting_when_the_port_changes() =>
        Assert.Equal(AtJanus("room_created", 20), After([.. OnAir, JanusRoom, Port, ((MixerPortAllocated)Port) with { Port = 10_002 }]).Janus);

    [Fact]
    public void A_removal_shows_and_when_waiting_ends() =>
        Assert.Equal(
            new RoomViews(Meta, Live with { Status = "removing", DiscardAt = At(110) }, AtJanus("forwarding", 40), Listening),
            After(Removing));

    [Fact]
    public void A_removal_that_says_until_when_it_waits_is_believed() =>
        Assert.Equal(At(52), After([.. Flowing, ((RemovalRequested)RemovalAsked) with { DiscardAt = At(52) }]).Live?.DiscardAt);

    [Fact]
    public void Each_module_vanishes_as_it_lets_go()
    {
        var janusGone = After([.. Removing, Stopped, JanusGone]);
        Assert.Equal((null, Listening), (janusGone.Janus, janusGone.Mixer));

        var mixerGone = After([.. Removing, Stopped, MixerGone]);
        Assert.Equal((AtJanus("not_forwarding", 60), null), (mixerGone.Janus, mixerGone.Mixer));
    }

    [Fact]
    public void A_deleted_room_shows_nothing() => Assert.True(After(Removed).IsEmpty);

    [Fact]
    public void A_discarded_room_shows_nothing() => Assert.True(After([.. Removing, Deleted]).IsEmpty);

    [Fact]
    public void A_room_removed_before_it_was_live_shows_nothing() => Assert.True(After(Created, RemovalAsked, Deleted).IsEmpty);

    [Fact]
    public void A_room_moved_to_another_janus_shows_no_janus_room()
    {
        var views = After([.. Flowing, new ModulesReassigned(Room, OtherJanus, Mixer, "n2", "janus_lost", At(90))]);
        Assert.Equal(new RoomViews(Meta, Live with { JanusId = OtherJanus, Nonce = "n2" }, null, Listening), views);
    }

    [Fact]
    public void A_room_moved_to_another_mixer_shows_no_port()
    {
        var views = After([.. Flowing, new ModulesReassigned(Room, Janus, OtherMixer, "n2", "mixer_lost", At(90))]);
        Assert.Equal(new RoomViews(Meta, Live with { MixerId = OtherMixer, Nonce = "n2" }, AtJanus("not_forwarding", 90), null), views);
    }

    [Fact]
    public void Anchors_come_and_go_without_a_trace_in_the_views() =>
        Assert.Equal(
            After(Flowing),
            After(
            [
                .. Flowing,
                new AnchorAdmitted(Room, Ann, Role.Host, At(90)),
                new AnchorJoined(Room, Ann, At(91)),
                new AnchorLeft(Room, Ann, "left", At(92)),
            ]));

    [Fact]
    public void A_new_room_of_an_old_id_shows_nothing_of_the_old_one() =>
        Assert.Equal(After(((RoomCreated)Created) with { At = At(200) }), After([.. Removed, ((RoomCreated)Created) with { At = At(200) }]));

    private static JanusView AtJanus(string status, double since) => new(Janus, 4_000_000_001, status, At(since));

    private static RoomViews After(params RoomEvent[] history) => RoomViews.Fold(history);
}
