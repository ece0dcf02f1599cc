using FsCheck;
using FsCheck.Fluent;
using static EventRtc.Domain.Tests.Modules.ModuleSample;
using static EventRtc.Domain.Tests.Properties;

namespace EventRtc.Domain.Tests.Modules;

/// <summary>What holds whatever operators and housekeeping do to a module.</summary>
public sealed class ModuleProperties
{
    private static readonly EventTypes Types = EventTypes.Of<ModuleEvent>();

    // Time mostly passes; now and then a command comes from a service whose clock lags behind.
    private static readonly Gen<(ModuleCommand Command, int Seconds)> Any =
        from command in Gen.Frequency(
            (4, from label in Gen.Elements<string>(ModuleLabels.All) from ttl in Gen.Elements(0, 10, 60) select Mark(label, 0, ttl)),
            (1, Gen.Constant(RemoveMark(0))),
            (2, Gen.Constant(ReportDrained(0))))
        from seconds in Gen.Choose(-5, 30)
        select (command, seconds);

    [Fact]
    public void A_command_repeated_decides_to_nothing() =>
        ForEveryStep(step => Assert.Equal(Decision<ModuleEvent>.Nothing, ModuleDecider.Decide(step.After, step.Command)));

    [Fact]
    public void What_is_recorded_bears_the_commands_module_and_time() => ForEveryStep(step => Assert.All(step.Recorded, happened => Assert.Equal(
        (step.Command.Kind, step.Command.Module, step.Command.At), (happened.Kind, happened.Module, happened.At))));

    [Fact]
    public void After_a_mark_the_module_bears_it_and_after_a_removal_none() => ForEveryStep(step =>
    {
        var mark = step.After.MarkAt(step.Command.At);
        if (step.Command is ModuleCommand.MarkModule c)
            Assert.Equal((c.Label, c.Until), (mark?.Label, mark?.Until));
        else if (step.Command is ModuleCommand.RemoveMark)
            Assert.Null(mark);
    });

    [Fact]
    public void Only_a_drain_that_holds_ends_in_drained_and_keeps_its_end() => ForEveryStep(step =>
    {
        if (step is { Command: ModuleCommand.ReportDrained, Recorded: [ModuleEvent.ModuleMarked e] })
            Assert.Equal(("draining", e.Until, "drained"), step.Before.MarkAt(e.At) is { } mark ? (mark.Label, mark.Until, e.Label) : default);
        else if (step.Command is ModuleCommand.ReportDrained)
            Assert.Equal((step.Before, false), (step.After, step.Before.MarkAt(step.Command.At) is { Label: "draining" }));
    });

    [Fact]
    public void The_state_folded_from_the_store_is_the_state_kept_along_the_way() => ForEveryLife(steps =>
    {
        var stored = steps.SelectMany(step => step.Recorded).Select(happened => (Name: Types.NameOf(happened), Json: EventTypes.Encode(happened))).ToList();
        Assert.Equal(steps is [.., var last] ? last.After : ModuleDecider.Initial, Fold(stored.Select(line => (ModuleEvent)Types.Decode(line.Name, line.Json))));
    });

    private static void ForEveryStep(Action<Step> holds) => ForEveryLife(steps => Assert.All(steps, holds));

    private static void ForEveryLife(Action<IReadOnlyList<Step>> holds) => ForAll(Arb.From(Any.ListOf()), life => holds([.. Play(life)]));

    private static IEnumerable<Step> Play(IEnumerable<(ModuleCommand Command, int Seconds)> life)
    {
        var (module, at) = (ModuleDecider.Initial, At(0));
        foreach (var (command, seconds) in life)
        {
            var step = Step.Of(module, command with { At = at = at.AddSeconds(seconds) });
            yield return step;
            module = step.After;
        }
    }

    private sealed record Step(ModuleState Before, ModuleCommand Command, IReadOnlyList<ModuleEvent> Recorded, ModuleState After)
    {
        public static Step Of(ModuleState module, ModuleCommand command)
        {
            var recorded = Assert.IsType<Decision<ModuleEvent>.Accepted>(ModuleDecider.Decide(module, command)).Events;
            return new Step(module, command, recorded, recorded.Aggregate(module, ModuleDecider.Evolve));
        }
    }
}
