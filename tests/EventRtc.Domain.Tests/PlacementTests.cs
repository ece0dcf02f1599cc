using static EventRtc.Domain.Placement;

namespace EventRtc.Domain.Tests;

public sealed class PlacementTests
{
    private static readonly Candidate Idle = new(new ModuleId("idle"), Healthy: true, Label: null, Capacity: 10, Streams: 0);

    [Fact]
    public void A_healthy_module_without_a_mark_is_fit() => Assert.Equal([Idle], Fit([Idle]));

    [Fact]
    public void A_module_marked_ready_is_fit() => Assert.Single(Fit([Idle with { Label = "ready" }]));

    [Theory]
    [InlineData("cordon")]
    [InlineData("draining")]
    [InlineData("drained")]
    [InlineData("unready")]
    [InlineData("Ready")]
    [InlineData("")]
    public void A_module_with_any_other_mark_takes_no_room(string label) => Assert.Empty(Fit([Idle with { Label = label }]));

    [Fact]
    public void An_unhealthy_module_takes_no_room() => Assert.Empty(Fit([Idle with { Healthy = false }]));

    [Fact]
    public void A_module_without_capacity_takes_no_room() => Assert.Empty(Fit([Idle with { Capacity = 0, Streams = -1 }]));

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(11, false)]
    public void A_module_takes_rooms_up_to_its_capacity(int streams, bool fit) => Assert.Equal(fit, !Fit([Idle with { Streams = streams }]).IsEmpty);

    [Fact]
    public void Without_a_fit_module_there_is_none_to_pick() =>
        Assert.Null(Pick([Idle with { Healthy = false }], _ => throw new InvalidOperationException("There is nothing to choose from.")));

    [Fact]
    public void Without_any_module_there_is_none_to_pick() => Assert.Null(Pick([], _ => 0));

    [Fact]
    public void The_only_fit_module_is_taken_whatever_the_randomness() =>
        Assert.Equal(Idle.Id, Pick([Idle with { Id = new("sick"), Healthy = false }, Idle], _ => throw new InvalidOperationException("There is nothing to choose from.")));

    [Theory]
    [InlineData(0, 0, "a")] // a and b
    [InlineData(0, 1, "c")] // a and c
    [InlineData(1, 0, "c")] // b and c
    [InlineData(2, 1, "c")] // c and b
    public void Of_two_drawn_the_less_loaded_one_is_taken(int first, int second, string taken)
    {
        Candidate[] candidates =
        [
            Idle with { Id = new("sick"), Healthy = false }, Idle with { Id = new("a"), Streams = 5 }, Idle with { Id = new("b"), Streams = 9 }, Idle with { Id = new("c"), Capacity = 100, Streams = 10 },
        ];
        var draws = new Queue<(int Of, int Draw)>([(3, first), (2, second)]);
        Assert.Equal(new ModuleId(taken), Pick(candidates, of =>
        {
            var (expected, draw) = draws.Dequeue();
            Assert.Equal(expected, of);
            return draw;
        }));
    }

    /// <summary>What random choice alone does not give: with it the fullest of 10 modules would hold about 130 of 1,000 rooms.</summary>
    [Fact]
    public void A_thousand_rooms_spread_evenly()
    {
        var random = new Random(2026);
        var modules = Enumerable.Range(0, 10).Select(i => Idle with { Id = new($"module-{i}"), Capacity = 1_000 }).ToList();
        for (var room = 0; room < 1_000; room++)
        {
            var picked = Pick(modules, random.Next);
            var taken = modules.FindIndex(module => module.Id == picked);
            modules[taken] = modules[taken] with { Streams = modules[taken].Streams + 1 };
        }
        Assert.All(modules, module => Assert.InRange(module.Streams, 95, 105));
    }
}
