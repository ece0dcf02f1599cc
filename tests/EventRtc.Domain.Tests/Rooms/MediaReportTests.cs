using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

public sealed class MediaReportTests
{
    private static readonly ReportJanusRoom JanusReady = new(Room, Janus, Nonce, 4_000_000_001, At(20));
    private static readonly ReportMixerPort MixerReady = new(Room, Mixer, Nonce, "10.0.0.5", 10_000, 3_001, At(30));
    private static readonly ReportForwarding Flows = new(Room, Janus, 4_000_000_001, "10.0.0.5", 10_000, At(40));

    [Fact]
    public void A_started_room_gets_its_sound_step_by_step() =>
        Given.History(OnAir).When(JanusReady).Then(JanusRoom).When(MixerReady).Then(Port).When(Flows).Then(Forwarding);

    [Fact]
    public void The_modules_report_in_either_order() => Given.History(OnAir).When(MixerReady).Then(Port).When(JanusReady).Then(JanusRoom);

    [Fact]
    public void The_same_report_later_says_nothing_new()
    {
        var room = Given.History(Flowing);
        room.When(JanusReady with { At = At(90) }).ThenNothing();
        room.When(MixerReady with { At = At(90) }).ThenNothing();
        room.When(Flows with { At = At(90) }).ThenNothing();
    }

    [Fact]
    public void A_janus_that_lost_its_room_reports_another_and_the_sound_has_to_flow_anew()
    {
        var moved = Given.History(Flowing).When(JanusReady with { JanusRoomId = 5 }).Then(new JanusRoomCreated(Room, Janus, 5, At(20)));
        moved.When(Flows).ThenRefused(RoomRejections.StaleForwarding);
        moved.When(Flows with { JanusRoomId = 5 }).Then(new ForwardingStarted(Room, Janus, 5, "10.0.0.5", 10_000, At(40)));
    }

    [Fact]
    public void A_mixer_that_moved_reports_another_port_and_the_sound_has_to_flow_anew()
    {
        var moved = Given.History(Flowing).When(MixerReady with { Port = 10_002 })
            .Then(new MixerPortAllocated(Room, Mixer, "10.0.0.5", 10_002, 3_001, At(30)));
        moved.When(Flows).ThenRefused(RoomRejections.StaleForwarding);
        moved.When(Flows with { Port = 10_002 }).Then(new ForwardingStarted(Room, Janus, 4_000_000_001, "10.0.0.5", 10_002, At(40)));
    }

    [Fact]
    public void A_mixer_on_another_address_is_reported() =>
        Given.History(Flowing).When(MixerReady with { Ip = "10.0.0.6" })
            .Then(new MixerPortAllocated(Room, Mixer, "10.0.0.6", 10_000, 3_001, At(30)));

    [Fact]
    public void A_mixer_with_another_port_for_listeners_is_reported() =>
        Given.History(Flowing).When(MixerReady with { HlsPort = 3_002 })
            .Then(new MixerPortAllocated(Room, Mixer, "10.0.0.5", 10_000, 3_002, At(30)));

    [Fact]
    public void Nothing_flows_before_the_janus_room_is_known() =>
        Given.History([.. OnAir, Port]).When(Flows).ThenRefused(RoomRejections.StaleForwarding);

    [Fact]
    public void Nothing_flows_before_the_port_is_known() =>
        Given.History([.. OnAir, JanusRoom]).When(Flows).ThenRefused(RoomRejections.StaleForwarding);

    [Fact]
    public void Nothing_flows_to_an_address_that_is_not_the_mixers() =>
        Given.History([.. OnAir, JanusRoom, Port]).When(Flows with { Ip = "10.0.0.6" }).ThenRefused(RoomRejections.StaleForwarding);

    [Fact]
    public void A_forwarder_that_stopped_is_reported_once_and_may_start_again() =>
        Given.History(Flowing)
            .When(new ReportForwardingStopped(Room, Janus, At(60))).Then(Stopped)
            .When(Flows with { At = At(70) }).Then(new ForwardingStarted(Room, Janus, 4_000_000_001, "10.0.0.5", 10_000, At(70)));

    [Fact]
    public void A_forwarder_that_never_ran_has_not_stopped() =>
        Given.History(OnAir).When(new ReportForwardingStopped(Room, Janus, At(60))).ThenNothing();

    [Fact]
    public void A_janus_room_destroyed_on_air_ends_the_forwarding_and_not_the_room() =>
        Assert.IsType<RoomState.OnAir>(
            Given.History(Flowing).When(new ReportJanusRoomDestroyed(Room, Janus, At(60))).Then(Stopped, JanusGone).State);

    [Fact]
    public void A_mixer_that_let_go_on_air_ends_the_forwarding_and_not_the_room() =>
        Assert.IsType<RoomState.OnAir>(
            Given.History(Flowing).When(new ReportMixerReleased(Room, Mixer, At(60))).Then(Stopped, new MixerReleased(Room, Mixer, At(60))).State);

    [Fact]
    public void Modules_that_hold_nothing_on_air_have_nothing_to_let_go_of()
    {
        Given.History(OnAir).When(new ReportJanusRoomDestroyed(Room, Janus, At(60))).ThenNothing();
        Given.History(OnAir).When(new ReportMixerReleased(Room, Mixer, At(60))).ThenNothing();
    }

    public static TheoryData<string, RoomCommand> StrangersReports() => new()
    {
        { "another Janus made a room", JanusReady with { Janus = OtherJanus } },
        { "a Janus room of another session", JanusReady with { Nonce = "n0" } },
        { "another mixer listens", MixerReady with { Mixer = OtherMixer } },
        { "a port of another session", MixerReady with { Nonce = "n0" } },
        { "another Janus forwards", Flows with { Janus = OtherJanus } },
        { "another Janus stopped forwarding", new ReportForwardingStopped(Room, OtherJanus, At(60)) },
        { "another Janus destroyed its room", new ReportJanusRoomDestroyed(Room, OtherJanus, At(60)) },
        { "another mixer let go", new ReportMixerReleased(Room, OtherMixer, At(60)) },
    };

    [Theory, MemberData(nameof(StrangersReports), DisableDiscoveryEnumeration = true)]
    public void A_module_that_does_not_hold_the_room_is_refused(string story, RoomCommand report)
    {
        Assert.NotEmpty(story);
        foreach (var history in new[] { [Created], OnAir, Flowing, Removing })
            Given.History(history).When(report).ThenRefused(RoomRejections.NotAssigned);
    }
}
