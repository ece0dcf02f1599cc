using EventRtc.Domain;
using EventRtc.Projections;
using EventRtc.Rooms.Placing;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>Bursts of starts, before the views show any of it.</summary>
public sealed class ModulePickerTests(ITestOutputHelper output)
{
    private readonly HandClock clock = new();
    private readonly Dictionary<RoomId, LiveMeta> shown = [];
    private readonly Random random = new(2026);

    [Fact]
    public void A_burst_does_not_herd_onto_one_module()
    {
        var picker = Picker(modules: 4, capacity: 1000);
        var spread = Spread(Enumerable.Range(0, 100).Select(n => picker.ForStart(Room(n)).Janus!.Value));
        Assert.All(spread, held => Assert.InRange(held, 23, 27));
    }

    [Fact]
    public void A_burst_over_two_processes_that_know_nothing_of_each_other_spreads_too()
    {
        ModulePicker[] pickers = [Picker(4, 1000), Picker(4, 1000)];
        var spread = Spread(Enumerable.Range(0, 100).Select(n => pickers[n % 2].ForStart(Room(n)).Mixer!.Value));
        Assert.All(spread, held => Assert.InRange(held, 20, 30));
    }

    [Fact]
    public void A_burst_of_one_process_never_overshoots()
    {
        var picker = Picker(modules: 3, capacity: 10);
        var picks = Enumerable.Range(0, 50).Select(n => picker.ForStart(Room(n))).ToList();
        Assert.All(Spread(picks.Where(pick => pick.Janus is not null).Select(pick => pick.Janus!.Value)), held => Assert.Equal(10, held));
        Assert.All(picks[30..], pick => Assert.Null(pick.Janus));
    }

    [Fact]
    public void Two_processes_overshoot_by_no_more_than_what_the_views_do_not_show_yet()
    {
        const int lag = 6;
        ModulePicker[] pickers = [Picker(3, 20), Picker(3, 20)];
        var started = new List<(RoomId Room, LiveMeta Live)>();
        for (var n = 0; n < 200; n++)
        {
            if (pickers[n % 2].ForStart(Room(n)) is ({ } janus, { } mixer))
                started.Add((Room(n), Live(janus, mixer)));
            foreach (var (room, live) in started.SkipLast(lag))
                shown[room] = live;
        }
        Assert.All(Spread(started.Select(one => one.Live.JanusId)), held => Assert.InRange(held, 20, 20 + lag));
    }

    [Fact]
    public void A_promise_ends_when_the_views_show_the_room_or_after_ten_seconds()
    {
        var picker = Picker(modules: 1, capacity: 1);
        var (janus, mixer) = picker.ForStart(Room(1));
        Assert.Null(picker.ForStart(Room(2)).Janus);

        shown[Room(1)] = Live(janus!.Value, mixer!.Value);
        Assert.Null(picker.ForStart(Room(2)).Janus);
        shown.Clear();
        Assert.NotNull(picker.ForStart(Room(2)).Janus);

        clock.Pass(TimeSpan.FromSeconds(9));
        Assert.Null(picker.ForStart(Room(3)).Janus);
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.NotNull(picker.ForStart(Room(3)).Janus);
    }

    [Fact]
    public void A_repeated_start_takes_no_second_place()
    {
        var picker = Picker(modules: 1, capacity: 2);
        for (var n = 0; n < 5; n++)
            Assert.NotNull(picker.ForStart(Room(1)).Janus);
        Assert.NotNull(picker.ForStart(Room(2)).Janus);
        Assert.Null(picker.ForStart(Room(3)).Janus);
    }

    [Fact]
    public void Without_a_mixer_no_place_is_taken_on_a_janus()
    {
        var withoutMixers = new ModulePicker(kind => kind is ModuleKind.Janus ? Modules(kind, 1, 1) : [], shown.GetValueOrDefault, random.Next, clock);
        Assert.NotNull(withoutMixers.ForStart(Room(1)).Janus);
        Assert.NotNull(withoutMixers.ForStart(Room(2)).Janus);
    }

    [Fact]
    public void A_room_does_not_move_to_where_it_comes_from()
    {
        var picker = Picker(modules: 2, capacity: 1);
        Assert.Equal(new Target(new ModuleId("m0"), NoneFit: false), picker.ForMove(ModuleKind.Janus, Room(1), new("m1")));
        Assert.Equal(new Target(null, NoneFit: true), picker.ForMove(ModuleKind.Janus, Room(2), new("m1")));
        Assert.Equal(new Target(null, NoneFit: false), picker.ForMove(ModuleKind.Janus, Room(1), new("m1"), isOpen: _ => false));
    }

    private ModulePicker Picker(int modules, int capacity) => new(kind => Modules(kind, modules, capacity), shown.GetValueOrDefault, random.Next, clock);

    private IEnumerable<Candidate> Modules(ModuleKind kind, int modules, int capacity) => Enumerable.Range(0, modules)
        .Select(n => new Candidate(new($"m{n}"), Healthy: true, Label: null, capacity, shown.Values.Count(live => live.ModuleOf(kind) == new ModuleId($"m{n}"))));

    private int[] Spread(IEnumerable<ModuleId> picks)
    {
        var spread = picks.CountBy(module => module).Select(module => module.Value).ToArray();
        output.WriteLine(string.Join(", ", spread));
        return spread;
    }

    private static RoomId Room(int number) => new($"room-{number}");

    private static LiveMeta Live(ModuleId janus, ModuleId mixer) => new(LiveStatus.OnAir, mixer, janus, "n", DateTimeOffset.UnixEpoch);
}
