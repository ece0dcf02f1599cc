using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

public sealed class RemovalTests
{
    private static readonly RemoveRoom Remove = new(Room, "requested", At(50));
    private static readonly ReportJanusRoomDestroyed JanusLetGo = new(Room, Janus, At(60));
    private static readonly ReportMixerReleased MixerLetGo = new(Room, Mixer, At(70));

    [Fact]
    public void A_room_that_never_was_on_air_is_deleted_at_once() =>
        Given.History(Created).When(Remove).Then(RemovalAsked, new RoomDeleted(Room, At(50)));

    [Fact]
    public void A_room_on_air_waits_for_its_modules() =>
        Assert.IsType<RoomState.Removing>(Given.History(Flowing).When(Remove).Then(RemovalAsked).State);

    [Fact]
    public void How_long_it_waits_is_recorded_as_the_time_when_it_stops_waiting() =>
        Given.History(Flowing)
            .When(Remove with { Grace = TimeSpan.FromSeconds(2) }).Then(((RemovalRequested)RemovalAsked) with { DiscardAt = At(52) })
            .When(Remove with { Grace = TimeSpan.FromHours(1), At = At(51) }).ThenNothing();

    [Fact]
    public void A_room_that_never_was_on_air_waits_for_nobody() =>
        Given.History(Created).When(Remove with { Grace = TimeSpan.FromSeconds(2) }).Then(RemovalAsked, new RoomDeleted(Room, At(50)));

    [Theory]
    [InlineData(null, 110)]
    [InlineData(2.0, 52)]
    public void It_waits_a_minute_unless_its_removal_says_otherwise(double? seconds, double until)
    {
        var asked = ((RemovalRequested)RemovalAsked) with { DiscardAt = seconds is { } grace ? At(50 + grace) : null };
        var room = Assert.IsType<RoomState.Removing>(Given.Fold([.. Flowing, asked]));
        Assert.Equal((At(until), At(until)), (room.DiscardAt, RoomSnapshot.Of(room).DiscardAt));
    }

    [Fact]
    public void A_room_being_removed_need_not_be_removed_again() =>
        Given.History(Removing).When(new RemoveRoom(Room, "expired", At(55))).ThenNothing();

    [Fact]
    public void A_room_that_does_not_exist_is_not_removed() => Given.Nothing().When(Remove).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void A_deleted_room_is_not_removed_a_second_time() =>
        Given.History(Removed).When(new RemoveRoom(Room, "requested", At(99))).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void A_host_ends_the_room_whose_host_it_is()
    {
        var room = Given.History([.. OnAir, new AnchorAdmitted(Room, Ann, Role.Host, At(20)), new AnchorAdmitted(Room, Bob, Role.Anchor, At(21))]);
        room.When(Remove with { Host = Ann }).Then(RemovalAsked);
        room.When(Remove with { Host = Bob }).ThenRefused(RoomRejections.WrongRoom);
        room.When(Remove with { Host = Cem }).ThenRefused(RoomRejections.WrongRoom);
        Given.Nothing().When(Remove with { Host = Ann }).ThenRefused(RoomRejections.NotFound);
    }

    [Fact]
    public void The_history_lists_every_step_when_the_janus_lets_go_first() =>
        Given.History(Flowing)
            .When(Remove).Then(RemovalAsked)
            .When(JanusLetGo).Then(Stopped, JanusGone)
            .When(MixerLetGo).Then(MixerGone, Deleted);

    [Fact]
    public void The_history_lists_every_step_when_the_mixer_lets_go_first() =>
        Given.History(Removing)
            .When(MixerLetGo with { At = At(60) }).Then(Stopped, new MixerReleased(Room, Mixer, At(60)))
            .When(JanusLetGo with { At = At(70) }).Then(new JanusRoomDestroyed(Room, Janus, At(70)), Deleted);

    [Fact]
    public void A_forwarder_stopped_before_is_not_stopped_again() =>
        Given.History(Removing)
            .When(new ReportForwardingStopped(Room, Janus, At(60))).Then(Stopped)
            .When(JanusLetGo).Then(JanusGone);

    [Fact]
    public void Modules_that_never_held_anything_report_all_the_same() =>
        Given.History([.. OnAir, RemovalAsked]).When(JanusLetGo).Then(JanusGone).When(MixerLetGo).Then(MixerGone, Deleted);

    [Fact]
    public void What_a_module_let_go_of_on_air_does_not_count_for_the_removal() =>
        Given.History([.. Flowing, Stopped, JanusGone, RemovalAsked])
            .When(MixerLetGo).Then(MixerGone)
            .When(JanusLetGo with { At = At(80) }).Then(new JanusRoomDestroyed(Room, Janus, At(80)), new RoomDeleted(Room, At(80)));

    [Fact]
    public void Only_the_janus_that_holds_the_room_counts() =>
        Given.History(Removing).When(JanusLetGo with { Janus = OtherJanus }).ThenRefused(RoomRejections.NotAssigned);

    [Fact]
    public void Only_the_mixer_that_holds_the_room_counts() =>
        Given.History(Removing).When(MixerLetGo with { Mixer = OtherMixer }).ThenRefused(RoomRejections.NotAssigned);

    [Fact]
    public void A_janus_that_made_its_room_too_late_learns_that_the_room_ends() =>
        Given.History([.. OnAir, RemovalAsked]).When(new ReportJanusRoom(Room, Janus, Nonce, 7, At(55))).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void A_mixer_that_made_its_port_too_late_learns_that_the_room_ends() =>
        Given.History([.. OnAir, RemovalAsked])
            .When(new ReportMixerPort(Room, Mixer, Nonce, "10.0.0.5", 10_000, 3_001, At(55))).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void Nothing_is_forwarded_for_a_room_that_ends() =>
        Given.History([.. OnAir, JanusRoom, Port, RemovalAsked])
            .When(new ReportForwarding(Room, Janus, 4_000_000_001, "10.0.0.5", 10_000, At(55))).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void A_module_reports_in_vain_once_the_room_is_deleted() =>
        Given.History(Removed).When(JanusLetGo with { At = At(99) }).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void Housekeeping_ends_a_removal_that_nobody_answers() =>
        Given.History(Removing).When(new DiscardRoom(Room, At(110))).Then(new RoomDeleted(Room, At(110)));

    [Fact]
    public void Housekeeping_does_not_wait_for_the_module_that_is_missing() =>
        Given.History([.. Removing, Stopped, JanusGone]).When(new DiscardRoom(Room, At(110))).Then(new RoomDeleted(Room, At(110)));

    [Fact]
    public void A_created_room_is_not_discarded() =>
        Given.History(Created).When(new DiscardRoom(Room, At(110))).ThenRefused(RoomRejections.NotRemoving);

    [Fact]
    public void A_room_on_air_is_not_discarded() =>
        Given.History(Flowing).When(new DiscardRoom(Room, At(110))).ThenRefused(RoomRejections.NotRemoving);

    [Fact]
    public void A_room_that_does_not_exist_is_not_discarded() =>
        Given.Nothing().When(new DiscardRoom(Room, At(110))).ThenRefused(RoomRejections.NotFound);
}
