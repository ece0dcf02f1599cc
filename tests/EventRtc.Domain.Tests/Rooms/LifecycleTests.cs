using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

public sealed class LifecycleTests
{
    private static readonly CreateRoom Create = new(Room, "abc123", 2, At(0));
    private static readonly StartLive Start = new(Room, Janus, Mixer, Nonce, At(10));

    [Fact]
    public void A_room_is_created_where_none_is() => Given.Nothing().When(Create).Then(Created);

    [Fact]
    public void A_room_that_exists_is_not_created_again() =>
        Given.History(Created).When(Create with { At = At(1) }).ThenRefused(RoomRejections.Exists);

    [Fact]
    public void A_creation_with_another_pin_meets_the_room_that_exists() =>
        Given.History(Created).When(Create with { Pin = "zzz999" }).ThenRefused(RoomRejections.Exists);

    [Fact]
    public void A_room_on_air_is_not_created_again() => Given.History(OnAir).When(Create with { At = At(11) }).ThenRefused(RoomRejections.Exists);

    [Fact]
    public void A_room_being_removed_still_holds_its_id() =>
        Given.History(Removing).When(Create with { At = At(51) }).ThenRefused(RoomRejections.Exists);

    [Fact]
    public void The_very_creation_that_made_the_room_is_known_again_on_air() => Given.History(OnAir).When(Create).ThenNothing();

    [Fact]
    public void A_room_is_created_and_started_as_one()
    {
        RoomCommand[] both = [Create, Start];
        Assert.Equal(Decision<RoomEvent>.All(Created, Started), RoomDecider.DecideAll(RoomDecider.Initial, both));
        Assert.Equal(Decision<RoomEvent>.Nothing, RoomDecider.DecideAll(Given.Fold(OnAir), both));
    }

    [Fact]
    public void Of_several_commands_as_one_the_first_refusal_answers() =>
        Assert.Equal(
            new Decision<RoomEvent>.Refused(RoomRejections.NotRemoving),
            RoomDecider.DecideAll(RoomDecider.Initial, [Create, new DiscardRoom(Room, At(1)), Create with { At = At(2) }]));

    [Fact]
    public void A_created_room_goes_on_air_on_its_modules() => Given.History(Created).When(Start).Then(Started);

    [Fact]
    public void A_room_on_air_keeps_its_modules_when_started_again() =>
        Given.History(OnAir).When(new StartLive(Room, OtherJanus, OtherMixer, "n2", At(20))).ThenNothing();

    [Fact]
    public void A_created_room_waits_until_there_are_a_Janus_and_a_mixer_for_it()
    {
        Given.History(Created).When(Start with { Janus = null }).ThenRefused(RoomRejections.NoCapacity);
        Given.History(Created).When(Start with { Mixer = null }).ThenRefused(RoomRejections.NoCapacity);
        Assert.Equal(new Decision<RoomEvent>.Refused(RoomRejections.NoCapacity), RoomDecider.DecideAll(RoomDecider.Initial, [Create, Start with { Janus = null }]));
    }

    [Fact]
    public void A_start_that_places_nothing_needs_no_modules()
    {
        var start = Start with { Janus = null, Mixer = null, At = At(60) };
        Given.History(OnAir).When(start).ThenNothing();
        Given.History(Removing).When(start).ThenRefused(RoomRejections.Removing);
        Given.Nothing().When(start).ThenRefused(RoomRejections.NotFound);
    }

    [Fact]
    public void A_room_being_removed_is_not_started() => Given.History(Removing).When(Start).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void A_room_that_does_not_exist_is_not_started() => Given.Nothing().When(Start).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void A_deleted_room_is_not_started() => Given.History(Removed).When(Start).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void The_id_of_a_deleted_room_is_free_and_its_stream_goes_on()
    {
        var again = Given.History([.. Flowing, new AnchorAdmitted(Room, Ann, Role.Host, At(45)), .. Removed[Flowing.Length..]])
            .When(new CreateRoom(Room, "new456", 1, At(200)))
            .Then(new RoomCreated(Room, "new456", 1, At(200)));
        Assert.Equal(new RoomState.Created(Room, "new456", 1, At(200), Anchors.None), again.State);
    }
}
