using EventRtc.Domain;
using EventRtc.Projections;
using EventRtc.Rooms.Housekeeping.Moves;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

public sealed class MovePlanTests
{
    private static readonly Candidate Fine = new(new("a"), Healthy: true, Label: null, Capacity: 2, Streams: 0);

    public static TheoryData<bool, string?, Trouble?> Standings => new()
    {
        { true, null, null },
        { true, ModuleLabels.Ready, null },
        { true, ModuleLabels.Cordon, null },
        { true, ModuleLabels.Draining, Trouble.Draining },
        { true, ModuleLabels.Drained, Trouble.Draining },
        { true, ModuleLabels.Unready, Trouble.Unstable },
        { true, "unknown", Trouble.Unstable },
        { false, null, Trouble.Unstable },
        { false, ModuleLabels.Cordon, Trouble.Unstable },
        { false, ModuleLabels.Draining, Trouble.Unstable },
    };

    [Theory]
    [MemberData(nameof(Standings))]
    public void A_module_with_a_heartbeat_stands_by_its_status_and_its_mark(bool healthy, string? label, Trouble? trouble) =>
        Assert.Equal(trouble, Standing.Of(Fine with { Healthy = healthy, Label = label }, gone: false).Trouble);

    [Fact]
    public void A_module_without_a_heartbeat_keeps_its_rooms_until_it_is_known_to_be_gone()
    {
        Assert.Equal(Trouble.Gone, Standing.Of(null, gone: true).Trouble);
        Assert.Equal("", Plan([("1", "a", "x")], ("a", Standing.Missing)));
    }

    [Theory]
    [InlineData(Trouble.Gone, "1: janus Gone, 3: janus Gone")]
    [InlineData(Trouble.Unstable, "1: janus Unstable, 3: janus Unstable")]
    [InlineData(Trouble.Draining, "1: janus Draining, 3: janus Draining")]
    public void Every_room_of_a_module_in_trouble_is_to_leave_it(Trouble trouble, string plan) =>
        Assert.Equal(plan, Plan([("1", "a", "x"), ("2", "b", "x"), ("3", "a", "y")], ("a", new Standing(trouble, 0))));

    [Fact]
    public void A_room_with_two_bad_modules_leaves_both_at_once() =>
        Assert.Equal("1: janus Unstable mixer Gone", Plan([("1", "a", "x")], ("a", new Standing(Trouble.Unstable, 0)), ("x", new Standing(Trouble.Gone, 0))));

    [Fact]
    public void Of_an_overloaded_module_the_youngest_rooms_beyond_its_capacity_leave() =>
        Assert.Equal("3: mixer Overloaded, 4: mixer Overloaded", Plan([("4", "a", "x"), ("1", "a", "x"), ("3", "b", "x"), ("2", "b", "x")], ("x", new Standing(null, 2))));

    [Fact]
    public void The_gravest_come_first_and_among_them_who_is_on_air_the_longest() =>
        Assert.Equal(
            "3: janus Gone, 5: janus Gone, 2: mixer Unstable, 1: janus Draining, 6: mixer Overloaded",
            Plan(
                [("6", "d", "z"), ("5", "c", "x"), ("4", "d", "z"), ("3", "c", "x"), ("2", "d", "y"), ("1", "b", "x")],
                ("b", new Standing(Trouble.Draining, 0)), ("c", new Standing(Trouble.Gone, 0)), ("y", new Standing(Trouble.Unstable, 0)), ("z", new Standing(null, 1))));

    [Fact]
    public void Nothing_is_to_move_where_all_is_well() => Assert.Equal("", Plan([("1", "a", "x"), ("2", "b", "y")]));

    [Fact]
    public void A_move_for_two_reasons_is_told_by_the_graver_and_keeps_a_module_that_is_well()
    {
        var live = new LiveMeta(LiveStatus.OnAir, new("x"), new("a"), "n", DateTimeOffset.UnixEpoch);
        var both = new Move(new("room"), live, [new Step(ModuleKind.Janus, Trouble.Draining, new("b")), new Step(ModuleKind.Mixer, Trouble.Gone, new("y"))]);
        Assert.Equal(new RoomCommand.ReassignModules(new("room"), new("b"), new("y"), "mixer_gone", DateTimeOffset.UnixEpoch), both.Command(DateTimeOffset.UnixEpoch));
        Assert.Equal(
            new RoomCommand.ReassignModules(new("room"), new("b"), new("x"), "janus_draining", DateTimeOffset.UnixEpoch),
            (both with { To = [both.To[0]] }).Command(DateTimeOffset.UnixEpoch));
    }

    /// <param name="rooms">Room, Janus and mixer; a room has been on air the longer the lower its number. The standings are those of modules that are not simply well.</param>
    private static string Plan(IReadOnlyList<(string Room, string Janus, string Mixer)> rooms, params (string Module, Standing Standing)[] standings)
    {
        var known = standings.ToDictionary(one => new ModuleId(one.Module), one => one.Standing);
        var plan = MovePlan.Of(
            [.. rooms.Select(room => (new RoomId($"room-{room.Room}"), new LiveMeta(LiveStatus.OnAir, new(room.Mixer), new(room.Janus), "n", DateTimeOffset.UnixEpoch.AddSeconds(int.Parse(room.Room)))))],
            (_, module) => known.GetValueOrDefault(module, new Standing(null, 1000)));
        return string.Join(", ", plan.Select(wish => $"{wish.Room.Value[5..]}:{Part("janus", wish.Janus)}{Part("mixer", wish.Mixer)}"));
    }

    private static string Part(string kind, Trouble? trouble) => trouble is null ? "" : $" {kind} {trouble}";
}
