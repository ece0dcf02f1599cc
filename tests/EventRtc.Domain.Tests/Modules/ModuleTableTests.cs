using static EventRtc.Domain.Tests.Modules.ModuleSample;

namespace EventRtc.Domain.Tests.Modules;

/// <summary>Every command in every state, at one glance; each comes 30 s after the first mark, and marks last an hour where nothing else is said.</summary>
public sealed class ModuleTableTests
{
    private const string Table =
        """
                      | unmarked      | cordon              | cordon that ended | draining            | drained             | removed
        cordon        | cordon 3630   | cordon 3630         | cordon 3630       | cordon 3630         | cordon 3630         | cordon 3630
        cordon no end | cordon        | -                   | cordon            | cordon              | cordon              | cordon
        draining      | draining 3630 | draining 3630       | draining 3630     | draining 3630       | draining 3630       | draining 3630
        RemoveMark    | -             | module_mark_removed | -                 | module_mark_removed | module_mark_removed | -
        ReportDrained | -             | -                   | -                 | drained 3600        | -                   | -
        """;

    private static readonly Dictionary<string, ModuleEvent[]> States = new()
    {
        ["unmarked"] = [],
        ["cordon"] = [Cordoned],
        ["cordon that ended"] = [Briefly],
        ["draining"] = [Draining],
        ["drained"] = [Draining, Drained],
        ["removed"] = [Cordoned, Removed],
    };

    private static readonly Dictionary<string, ModuleCommand> Commands = new()
    {
        ["cordon"] = Mark("cordon", 30, ttl: 3600),
        ["cordon no end"] = Mark("cordon", 30),
        ["draining"] = Mark("draining", 30, ttl: 3600),
        ["RemoveMark"] = RemoveMark(30),
        ["ReportDrained"] = ReportDrained(30),
    };

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        var rows = Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        foreach (var row in rows[1..])
            for (var column = 1; column < row.Length; column++)
                cells.Add(rows[0][column], row[0], row[column]);
        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public void A_command_in_a_state_has_this_outcome(string state, string command, string expected) =>
        Assert.Equal(expected, Describe(ModuleDecider.Decide(Fold(States[state]), Commands[command])));

    [Theory, MemberData(nameof(Cells))]
    public void The_same_command_again_records_nothing(string state, string command, string expected)
    {
        var first = Assert.IsType<Decision<ModuleEvent>.Accepted>(ModuleDecider.Decide(Fold(States[state]), Commands[command]));
        Assert.Equal(expected != "-", first.Events.Length == 1);
        Assert.Equal(Decision<ModuleEvent>.Nothing, ModuleDecider.Decide(Fold([.. States[state], .. first.Events]), Commands[command]));
    }

    [Fact]
    public void The_table_has_a_cell_for_every_command_in_every_state()
    {
        Assert.Equal(typeof(ModuleCommand).GetNestedTypes().ToHashSet(), Commands.Values.Select(command => command.GetType()).ToHashSet());
        Assert.Equal(typeof(ModuleState).GetNestedTypes().ToHashSet(), States.Values.Select(history => Fold(history).GetType()).ToHashSet());
        var cells = from state in States.Keys from command in Commands.Keys select (state, command);
        Assert.Equal(cells.Order(), Cells().Select(cell => (cell.Data.Item1, cell.Data.Item2)).Order());
    }

    [Theory]
    [InlineData(19.9, true)]
    [InlineData(20, false)]
    public void A_mark_holds_until_its_end_and_not_at_it(double at, bool holds) => Assert.Equal(holds, Fold(Briefly).MarkAt(At(at)) is not null);

    [Fact]
    public void A_mark_tells_how_long_it_had_to_hold() => Assert.Equal((0, 20), (Fold(Cordoned).MarkAt(At(1))!.Ttl.TotalSeconds, Fold(Briefly).MarkAt(At(1))!.Ttl.TotalSeconds));

    [Fact]
    public void The_same_label_with_another_end_is_a_new_fact() => Assert.Equal("draining 3601", Describe(ModuleDecider.Decide(Fold(Draining), Mark("draining", 1, ttl: 3600))));

    private static string Describe(Decision<ModuleEvent> decision) => decision switch
    {
        Decision<ModuleEvent>.Accepted { Events: [ModuleEvent.ModuleMarked e] } => e.Until is { } end ? $"{e.Label} {(end - At(0)).TotalSeconds}" : e.Label,
        Decision<ModuleEvent>.Accepted { Events: [var e] } => EventTypes.Of<ModuleEvent>().NameOf(e),
        _ => "-",
    };
}
