using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Rooms.Housekeeping;
using EventRtc.Rooms.Housekeeping.Moves;
using EventRtc.Rooms.Placing;
using EventRtc.Rooms.Reports;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>Modules that ask to be rid of their rooms.</summary>
public sealed class AskedMovesTests : IDisposable
{
    private static readonly ModuleId Here = new("mixer-a"), There = new("mixer-b");
    private static readonly HousekeepingOptions Options = new() { MovesAtOnce = 10, MovesPerSecond = 1 };

    private readonly HandClock clock = new();
    private readonly MoveRates rates = new(Options);
    private readonly AskedMoves moves;

    public AskedMovesTests() => moves = NewMoves(Options, rates);

    public void Dispose() => rates.Dispose();

    [Fact]
    public void A_storm_is_spread_over_time()
    {
        var targets = Enumerable.Range(0, 100).Select(n => moves.Take(Ask($"room-{n}", Here))).ToList();

        Assert.InRange(targets.Count(target => target.Module == There), 10, 15); // and one more a second while this runs
        Assert.All(targets, target => Assert.False(target.NoneFit));
    }

    [Fact]
    public void A_room_that_fails_everywhere_rests_longer_from_move_to_move()
    {
        var (at, pauses) = (Here, new List<double>());
        for (var move = 0; move < 9; move++)
        {
            var waited = TimeSpan.Zero;
            while (moves.Take(Ask("room-1", at)) is var target && target.Module is null)
            {
                Assert.False(target.NoneFit);
                clock.Pass(TimeSpan.FromSeconds(1));
                waited += TimeSpan.FromSeconds(1);
            }
            pauses.Add(waited.TotalSeconds);
            at = at == Here ? There : Here;
        }

        Assert.Equal([0, 5, 10, 20, 40, 80, 160, 320, 600], pauses);
    }

    [Fact]
    public void A_room_that_fails_everywhere_for_days_still_moves_after_the_longest_rest()
    {
        var options = Options with { MovesAtOnce = 1000 };
        using var many = new MoveRates(options);
        var patient = NewMoves(options, many);
        for (var move = 0; move < 300; move++)
        {
            Assert.NotNull(patient.Take(Ask("room-1", move % 2 == 0 ? Here : There)).Module);
            clock.Pass(TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public void A_room_that_was_well_for_long_begins_anew()
    {
        foreach (var at in (ModuleId[])[Here, There, Here])
        {
            Assert.NotNull(moves.Take(Ask("room-1", at)).Module);
            clock.Pass(TimeSpan.FromSeconds(20));
        }
        clock.Pass(TimeSpan.FromMinutes(11));
        Assert.NotNull(moves.Take(Ask("room-1", There)).Module);
        clock.Pass(TimeSpan.FromSeconds(5));

        Assert.NotNull(moves.Take(Ask("room-1", Here)).Module);
    }

    private AskedMoves NewMoves(HousekeepingOptions options, MoveRates turns) =>
        new(new ModulePicker(_ => [Candidate(Here), Candidate(There)], _ => null, new Random(2026).Next, clock), options, turns, clock);

    private static MoveRoom Ask(string room, ModuleId from) => new(new RoomId(room), ModuleKind.Mixer, from, "nonce", MoveReasons.Failed(ModuleKind.Mixer));

    private static Candidate Candidate(ModuleId id) => new(id, Healthy: true, Label: null, Capacity: 1000, Streams: 0);
}
