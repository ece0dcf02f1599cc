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
    public void Randomness_chooses_among_the_fit_alone()
    {
        Candidate[] candidates = [Idle with { Id = new("sick"), Healthy = false }, Idle with { Id = new("a") }, Idle with { Id = new("b") }];
        Assert.Equal(new ModuleId("a"), Pick(candidates, Among(2, 0)));
        Assert.Equal(new ModuleId("b"), Pick(candidates, Among(2, 1)));
    }

    private static Func<int, int> Among(int expected, int choice) => count =>
    {
        Assert.Equal(expected, count);
        return choice;
    };
}
