using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>The sample room has two places.</summary>
public sealed class AnchorTests
{
    [Fact]
    public void A_user_is_admitted_before_the_room_is_on_air() => Given.History(Created).When(Admit(Ann, 5)).Then(Admitted(Ann, 5));

    [Fact]
    public void A_user_is_admitted_to_a_room_on_air() => Given.History(OnAir).When(Admit(Ann, 15)).Then(Admitted(Ann, 15));

    [Fact]
    public void A_user_is_admitted_once() => Given.History([.. OnAir, Admitted(Ann, 20)]).When(Admit(Ann, 30)).ThenNothing();

    [Fact]
    public void A_user_in_the_room_need_not_be_admitted_again() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21)]).When(Admit(Ann, 500)).ThenNothing();

    [Fact]
    public void A_room_is_full_when_its_places_are_promised() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 21)]).When(Admit(Cem, 30)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void A_room_is_full_when_its_places_are_taken() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 20), Admitted(Bob, 21), Joined(Bob, 21)])
            .When(Admit(Cem, 3000)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void A_host_takes_a_place_like_an_anchor() =>
        Given.History([.. OnAir, Admitted(Ann, 20, Role.Host), Admitted(Bob, 21)]).When(Admit(Cem, 30)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void A_host_admits_to_the_room_whose_host_it_is()
    {
        var room = Given.History([.. OnAir, Admitted(Ann, 20, Role.Host)]);
        room.When(Admit(Bob, 30) with { Host = Ann }).Then(Admitted(Bob, 30));
        room.When(Admit(Bob, 30) with { Host = Cem }).ThenRefused(RoomRejections.WrongRoom);
    }

    [Fact]
    public void A_host_who_left_still_admits_and_one_who_was_removed_or_became_another_does_not()
    {
        var room = Given.History([.. OnAir, Admitted(Ann, 20, Role.Host), Joined(Ann, 21)]);
        room.When(Leave(Ann, 30)).Then(Left(Ann, 30)).When(Admit(Bob, 40) with { Host = Ann }).Then(Admitted(Bob, 40));
        room.When(Remove(Ann, 30)).Then(Removed(Ann, 30)).When(Admit(Bob, 40) with { Host = Ann }).ThenRefused(RoomRejections.WrongRoom);
        room.When(Admit(Ann, 30, Role.Guest)).Then(Admitted(Ann, 30, Role.Guest)).When(Admit(Bob, 40) with { Host = Ann }).ThenRefused(RoomRejections.WrongRoom);
    }

    [Fact]
    public void A_host_removes_from_the_room_whose_host_it_is()
    {
        var room = Given.History([.. OnAir, Admitted(Ann, 20, Role.Host), Admitted(Bob, 21)]);
        room.When(Remove(Bob, 30) with { Host = Ann }).Then(Removed(Bob, 30));
        room.When(Remove(Ann, 30) with { Host = Bob }).ThenRefused(RoomRejections.WrongRoom);
        room.When(Remove(Bob, 30) with { Host = Cem }).ThenRefused(RoomRejections.WrongRoom);
    }

    [Fact]
    public void A_guest_takes_no_place() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 21)])
            .When(Admit(Cem, 30, Role.Guest)).Then(Admitted(Cem, 30, Role.Guest))
            .When(Join(Cem, 31)).Then(Joined(Cem, 31));

    [Fact]
    public void Guests_leave_the_places_to_the_speakers() =>
        Given.History([.. OnAir, Admitted(Ann, 20, Role.Guest), Joined(Ann, 20), Admitted(Bob, 21)]).When(Admit(Cem, 30)).Then(Admitted(Cem, 30));

    [Fact]
    public void A_page_that_never_joined_holds_its_place_for_a_minute()
    {
        var room = Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 50)]);
        room.When(Admit(Cem, 79.9)).ThenRefused(RoomRejections.Full);
        room.When(Admit(Cem, 80)).Then(Admitted(Cem, 80));
    }

    [Fact]
    public void A_user_whose_admission_went_stale_is_admitted_anew() =>
        Given.History([.. OnAir, Admitted(Ann, 20)]).When(Admit(Ann, 80)).Then(Admitted(Ann, 80));

    [Fact]
    public void A_guest_becomes_an_anchor_while_a_place_is_free() =>
        Given.History([.. OnAir, Admitted(Ann, 20, Role.Guest), Joined(Ann, 21)]).When(Admit(Ann, 30)).Then(Admitted(Ann, 30));

    [Fact]
    public void A_guest_stays_a_guest_in_a_full_room() =>
        Given.History([.. OnAir, Admitted(Ann, 20, Role.Guest), Admitted(Bob, 21), Admitted(Cem, 22)])
            .When(Admit(Ann, 30)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void A_joined_user_is_still_there_under_a_new_role() =>
        Given.History([.. OnAir, Admitted(Ann, 20, Role.Guest), Joined(Ann, 21), Admitted(Ann, 30)]).When(Join(Ann, 31)).ThenNothing();

    [Fact]
    public void Nobody_is_admitted_to_a_room_being_removed() => Given.History(Removing).When(Admit(Ann, 55)).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void Nobody_is_admitted_to_a_room_that_does_not_exist() => Given.Nothing().When(Admit(Ann, 5)).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void An_admitted_user_joins_once()
    {
        var room = Given.History([.. OnAir, Admitted(Ann, 20)]).When(Join(Ann, 25)).Then(Joined(Ann, 25));
        room.When(Join(Ann, 99)).ThenNothing();
    }

    [Fact]
    public void Nobody_joins_without_an_admission() => Given.History(OnAir).When(Join(Ann, 25)).ThenRefused(RoomRejections.NotAdmitted);

    [Fact]
    public void A_late_user_joins_while_a_place_is_free() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 200)]).When(Join(Ann, 210)).Then(Joined(Ann, 210));

    [Fact]
    public void A_late_user_finds_the_places_taken() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 200), Admitted(Cem, 201)])
            .When(Join(Ann, 210)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void A_clock_that_lags_behind_does_not_overfill_a_room() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 80), Joined(Bob, 80), Admitted(Cem, 81), Joined(Cem, 81)])
            .When(Join(Ann, 79)).ThenRefused(RoomRejections.Full);

    [Fact]
    public void Nobody_joins_before_the_room_is_on_air() =>
        Given.History(Created, Admitted(Ann, 5)).When(Join(Ann, 6)).ThenRefused(RoomRejections.NotOnAir);

    [Fact]
    public void Nobody_joins_a_room_being_removed() =>
        Given.History([.. Flowing, Admitted(Ann, 45), RemovalAsked]).When(Join(Ann, 55)).ThenRefused(RoomRejections.Removing);

    [Fact]
    public void Nobody_joins_a_room_that_does_not_exist() => Given.Nothing().When(Join(Ann, 5)).ThenRefused(RoomRejections.NotFound);

    [Fact]
    public void Who_leaves_gives_the_place_to_the_next() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21), Admitted(Bob, 22), Joined(Bob, 23)])
            .When(Leave(Ann, 30)).Then(Left(Ann, 30))
            .When(Admit(Cem, 31)).Then(Admitted(Cem, 31));

    [Fact]
    public void Who_leaves_without_having_joined_gives_the_place_back_too() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Admitted(Bob, 21)])
            .When(Leave(Ann, 30)).Then(Left(Ann, 30))
            .When(Admit(Cem, 31)).Then(Admitted(Cem, 31));

    [Fact]
    public void Who_lost_the_connection_returns_on_the_same_admission_while_a_place_is_free()
    {
        var away = Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21)]).When(Leave(Ann, 30)).Then(Left(Ann, 30));
        away.When(Join(Ann, 35)).Then(Joined(Ann, 35));
        Given.History([.. away.History, Admitted(Bob, 31), Admitted(Cem, 32)]).When(Join(Ann, 35)).ThenRefused(RoomRejections.Full);
    }

    [Fact]
    public void Who_left_can_be_admitted_again() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Left(Ann, 30)]).When(Admit(Ann, 31)).Then(Admitted(Ann, 31));

    [Fact]
    public void Who_left_does_not_leave_again() => Given.History([.. OnAir, Admitted(Ann, 20), Left(Ann, 30)]).When(Leave(Ann, 31)).ThenNothing();

    [Fact]
    public void Who_never_came_does_not_leave() => Given.History(OnAir).When(Leave(Ann, 31)).ThenNothing();

    [Fact]
    public void Who_was_removed_is_not_admitted_any_more_until_admitted_anew() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21)])
            .When(Remove(Ann, 30)).Then(Removed(Ann, 30))
            .WhenRefused(Join(Ann, 31), RoomRejections.NotAdmitted)
            .When(Admit(Ann, 32)).Then(Admitted(Ann, 32))
            .When(Join(Ann, 33)).Then(Joined(Ann, 33));

    [Fact]
    public void Who_has_left_can_still_be_removed() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21), Left(Ann, 22)])
            .When(Remove(Ann, 30)).Then(Removed(Ann, 30))
            .WhenRefused(Join(Ann, 31), RoomRejections.NotAdmitted);

    [Fact]
    public void Who_was_admitted_and_never_came_can_be_removed() =>
        Given.History([.. OnAir, Admitted(Ann, 20)]).When(Remove(Ann, 30)).Then(Removed(Ann, 30)).When(Leave(Ann, 31)).ThenNothing();

    [Fact]
    public void Who_is_not_admitted_is_not_removed() => Given.History(OnAir).When(Remove(Ann, 31)).ThenNothing();

    [Fact]
    public void Who_is_removed_gives_the_place_to_the_next() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21), Admitted(Bob, 22), Joined(Bob, 23)])
            .When(Remove(Ann, 30)).Then(Removed(Ann, 30))
            .When(Admit(Cem, 31)).Then(Admitted(Cem, 31));

    [Fact]
    public void Who_joined_falls_silent() =>
        Given.History([.. OnAir, Admitted(Ann, 20), Joined(Ann, 21)]).When(FallSilent(Ann, 60)).Then(new AnchorLeft(Room, Ann, LeaveReasons.Inactive, At(60)));

    [Fact]
    public void Who_has_not_joined_yet_does_not_fall_silent() => Given.History([.. OnAir, Admitted(Ann, 20)]).When(FallSilent(Ann, 60)).ThenNothing();

    [Fact]
    public void Anchors_leave_a_room_that_is_being_removed() =>
        Given.History([.. Flowing, Admitted(Ann, 45), Joined(Ann, 46), RemovalAsked]).When(Leave(Ann, 55)).Then(Left(Ann, 55));

    [Fact]
    public void Nobody_leaves_a_room_that_does_not_exist() => Given.Nothing().When(Leave(Ann, 5)).ThenRefused(RoomRejections.NotFound);

    private static AdmitAnchor Admit(UserId user, double second, Role role = Role.Anchor) => new(Room, user, role, At(second));

    private static ReportAnchorJoined Join(UserId user, double second) => new(Room, user, At(second));

    private static ReportAnchorLeft Leave(UserId user, double second) => new(Room, user, "left", At(second));

    private static ReportAnchorLeft Remove(UserId user, double second) => Leave(user, second) with { Reason = LeaveReasons.Removed };

    private static ReportAnchorLeft FallSilent(UserId user, double second) => Leave(user, second) with { Reason = LeaveReasons.Inactive };

    private static AnchorAdmitted Admitted(UserId user, double second, Role role = Role.Anchor) => new(Room, user, role, At(second));

    private static AnchorJoined Joined(UserId user, double second) => new(Room, user, At(second));

    private static AnchorLeft Left(UserId user, double second) => new(Room, user, "left", At(second));

    private static AnchorLeft Removed(UserId user, double second) => Left(user, second) with { Reason = LeaveReasons.Removed };
}
