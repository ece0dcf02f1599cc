using EventRtc.Domain;
using EventRtc.Rooms.Housekeeping;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>When rooms move, and that it comes to an end.</summary>
public sealed class MoveScheduleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ModuleId[] Ids = [new("a"), new("b"), new("c"), new("d")];

    [Fact]
    public void After_any_history_every_room_is_with_a_stable_module_if_there_is_one_with_room_and_nothing_moves_any_more()
    {
        for (var seed = 0; seed < 300; seed++)
            Settles(seed);
    }

    [Fact]
    public void A_room_that_lost_both_its_modules_moves_once()
    {
        using var model = Two(rooms: 1);
        model.Modules[(ModuleKind.Mixer, new("y"))] = new Candidate(new("y"), Healthy: true, Label: null, Capacity: 1, Streams: 0);
        model.Modules[(ModuleKind.Mixer, new("x"))] = null;
        Set(model, "a", module => module with { Healthy = false });

        var move = Assert.Single(model.Look());
        Assert.Equal(("b", "y", "mixer_gone"), (move.ModuleOf(ModuleKind.Janus).Value, move.ModuleOf(ModuleKind.Mixer).Value, move.Reason));
    }

    [Fact]
    public void A_module_that_nobody_can_replace_does_not_keep_the_other_from_being_replaced()
    {
        using var model = Two(rooms: 1);
        model.Modules[(ModuleKind.Mixer, new("x"))] = null;
        Set(model, "a", module => module with { Label = ModuleLabels.Draining });
        Assert.Equal("janus_draining", Assert.Single(model.Look()).Reason);
    }

    [Fact]
    public void A_module_is_drained_one_room_after_the_other()
    {
        using var model = Two(rooms: 3);
        model.FlowsAtOnce = false;
        Set(model, "a", module => module with { Label = ModuleLabels.Draining });

        var first = Assert.Single(model.Look());
        model.Clock.Pass(Second);
        Assert.Empty(model.Look());
        model.Flows(first.Room);
        var second = Assert.Single(model.Look());
        model.Clock.Pass(Second);
        Assert.Empty(model.Look());
        model.Clock.Pass(new HousekeepingOptions().DrainPatience);
        var third = Assert.Single(model.Look());
        Assert.Equal(["room-0", "room-1", "room-2"], [first.Room.Value, second.Room.Value, third.Room.Value]);
    }

    [Fact]
    public void A_room_that_has_just_moved_rests_unless_its_new_module_is_gone()
    {
        using var model = Two(rooms: 1);
        Set(model, "a", module => module with { Healthy = false });
        Assert.Single(model.Look());
        Set(model, "a", module => module with { Healthy = true });

        Set(model, "b", module => module with { Healthy = false });
        Assert.Empty(model.Look());
        Set(model, "b", _ => null);
        Assert.Equal("janus_gone", Assert.Single(model.Look()).Reason);
    }

    [Fact]
    public void A_move_that_failed_is_tried_again_later_and_holds_up_no_other_room()
    {
        using var model = Two(rooms: 2);
        Set(model, "a", module => module with { Label = ModuleLabels.Draining });
        var failed = Assert.Single(model.Look(refusals: 100)).Room;

        Assert.NotEqual(failed, Assert.Single(model.Look()).Room);
        Assert.Empty(model.Look());
        model.Clock.Pass(new HousekeepingOptions().MoveRest);
        Assert.Equal(failed, Assert.Single(model.Look()).Room);
    }

    [Fact]
    public void More_moves_than_the_rate_allows_are_only_later()
    {
        using var model = Two(rooms: 50, new HousekeepingOptions { MovesPerSecond = 1000, MovesAtOnce = 10 });
        Set(model, "a", _ => null);

        Assert.Equal(10, model.Look().Count);
        Assert.True(SpinWait.SpinUntil(() => model.Look() is [] && model.Wishes() is [], TimeSpan.FromSeconds(20)), "all move");
    }

    [Fact]
    public void Without_another_module_with_room_nothing_moves()
    {
        using var model = Two(rooms: 2);
        Set(model, "b", module => module with { Capacity = 0 });
        Set(model, "a", _ => null);
        Assert.Empty(model.Look());
        Set(model, "b", module => module with { Capacity = 1 });
        Assert.Single(model.Look());
    }

    private static void Settles(int seed)
    {
        var random = new Random(seed);
        using var model = new MoveModel(random);
        foreach (var kind in ModuleKinds.All)
            foreach (var id in Ids.Take(random.Next(2, 5)))
                model.Modules[(kind, id)] = AnyModule(id, random);
        for (var room = random.Next(1, 30); room > 0; room--)
            model.Add($"room-{room}", Any(model, ModuleKind.Janus, random), Any(model, ModuleKind.Mixer, random));

        for (var step = 0; step < 40; step++)
        {
            if (random.Next(3) == 0)
            {
                var change = model.Modules.Keys.ElementAt(random.Next(model.Modules.Count));
                model.Modules[change] = random.Next(3) == 0 ? null : AnyModule(change.Id, random);
            }
            model.FlowsAtOnce = random.Next(3) > 0;
            model.Look(refusals: 10);
            model.Clock.Pass(Second * random.NextDouble());
        }

        for (var step = 0; step < 400; step++, model.Clock.Pass(Second))
            model.Look();
        Assert.All(Enumerable.Range(0, 30), _ =>
        {
            model.Clock.Pass(Second);
            Assert.True(model.Look() is [], $"Seed {seed}: rooms still move");
        });
        foreach (var wish in model.Wishes())
            foreach (var kind in ModuleKinds.All.Where(kind => wish.Of(kind) is not null))
                Assert.False(model.HasPlaceBeside(kind, wish.Live.ModuleOf(kind)), $"Seed {seed}: {wish} could move");
    }

    private static ModuleId Any(MoveModel model, ModuleKind kind, Random random) =>
        random.GetItems(model.Modules.Keys.Where(module => module.Kind == kind).ToArray(), 1)[0].Id;

    private static Candidate AnyModule(ModuleId id, Random random) =>
        new(id, Healthy: random.Next(5) > 0, Label: random.Next(10) switch { 0 => ModuleLabels.Draining, 1 => ModuleLabels.Cordon, 2 => ModuleLabels.Unready, _ => null }, Capacity: random.Next(0, 25), Streams: 0);

    /// <summary>All rooms are with the first of two Januses.</summary>
    private static MoveModel Two(int rooms, HousekeepingOptions? options = null)
    {
        var model = new MoveModel(new Random(1), options);
        foreach (var (kind, id) in ((ModuleKind, ModuleId)[])[(ModuleKind.Janus, new("a")), (ModuleKind.Janus, new("b")), (ModuleKind.Mixer, new("x"))])
            model.Modules[(kind, id)] = new Candidate(id, Healthy: true, Label: null, Capacity: 100, Streams: 0);
        for (var room = 0; room < rooms; room++)
            model.Add($"room-{room}", new("a"), new("x"));
        return model;
    }

    private static void Set(MoveModel model, string janus, Func<Candidate, Candidate?> change) =>
        model.Modules[(ModuleKind.Janus, new(janus))] = change(model.Modules[(ModuleKind.Janus, new(janus))]!);
}
