using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

public sealed class ReassignmentTests
{
    private static readonly ReassignModules Move = new(Room, OtherJanus, Mixer, MoveReasons.Gone(ModuleKind.Janus), At(50));

    [Fact]
    public void A_room_moves_to_another_janus_and_keeps_its_mixers_port()
    {
        var live = Live(Given.History(Flowing).When(Move).Then(Moved(Move)));
        Assert.Equal(new LiveSession(OtherJanus, Mixer, Nonce, At(10)) { Port = new MixerPort("10.0.0.5", 10_000, 3_001) }, live);
    }

    [Fact]
    public void A_room_moves_to_another_mixer_and_keeps_its_janus_room()
    {
        var move = Move with { Janus = Janus, Mixer = OtherMixer };
        var live = Live(Given.History(Flowing).When(move).Then(Moved(move)));
        Assert.Equal(new LiveSession(Janus, OtherMixer, Nonce, At(10)) { JanusRoomId = 4_000_000_001 }, live);
    }

    [Fact]
    public void The_former_janus_has_no_more_say()
    {
        var moved = Given.History(Flowing).When(Move).Then(Moved(Move));
        moved.When(new ReportJanusRoom(Room, Janus, Nonce, 9, At(60))).ThenRefused(RoomRejections.NotAssigned);
        moved.When(new ReportJanusRoomDestroyed(Room, Janus, At(60))).ThenRefused(RoomRejections.NotAssigned);
    }

    [Fact]
    public void The_new_janus_takes_over() =>
        Given.History(Flowing)
            .When(Move).Then(Moved(Move))
            .When(new ReportJanusRoom(Room, OtherJanus, Nonce, 9, At(60))).Then(new JanusRoomCreated(Room, OtherJanus, 9, At(60)))
            .When(new ReportForwarding(Room, OtherJanus, 9, "10.0.0.5", 10_000, At(61)))
            .Then(new ForwardingStarted(Room, OtherJanus, 9, "10.0.0.5", 10_000, At(61)));

    [Fact]
    public void The_live_session_keeps_its_nonce_over_every_move()
    {
        var back = Move with { Janus = Janus, At = At(60) };
        Assert.Equal(Nonce, Live(Given.History(Flowing).When(Move).Then(Moved(Move)).When(back).Then(Moved(back))).Nonce);
    }

    [Fact]
    public void A_stored_move_that_renewed_the_nonce_asks_for_the_forwarding_anew()
    {
        var live = Live(Given.History([.. Flowing, Moved(Move with { Janus = Janus }) with { Nonce = "n2" }]));
        Assert.Equal(("n2", 4_000_000_001, false), (live.Nonce, live.JanusRoomId, live.Forwarding));
    }

    [Fact]
    public void A_room_is_not_moved_to_where_it_is() => Given.History(Flowing).When(Move with { Janus = Janus }).ThenNothing();

    [Fact]
    public void A_room_that_is_not_on_air_is_not_moved() => Given.History(Created).When(Move).ThenRefused(RoomRejections.NotOnAir);

    [Fact]
    public void A_room_being_removed_is_not_moved() => Given.History(Removing).When(Move).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void A_room_that_does_not_exist_is_not_moved() => Given.Nothing().When(Move).ThenRefused(RoomRejections.NotFound);

    private static ModulesReassigned Moved(ReassignModules c) => new(c.Room, c.Janus, c.Mixer, Nonce, c.Reason, c.At);

    private static LiveSession Live(Scenario room) => Assert.IsAssignableFrom<RoomState.Assigned>(room.State).Live;
}
