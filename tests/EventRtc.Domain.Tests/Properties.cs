using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace EventRtc.Domain.Tests;

/// <summary>
/// Runs a property on many random values. A failure names the shortest value that fails and its seed; FSCHECK_REPLAY set to the seed's
/// two numbers, e.g. <c>123,457</c>, runs the same values again.
/// </summary>
internal static class Properties
{
    private const int Runs = 500;
    private const int LongestList = 120;

    public static void ForAll<T>(Arbitrary<T> values, Action<T> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(LongestList).WithQuietOnSuccess(true).WithReplay(Replayed()),
            Prop.ForAll(values, holds));

    public static IEnumerable<T> Samples<T>(Gen<T> values, int count) => values.Sample(count, LongestList);

    private static FSharpOption<Replay>? Replayed() =>
        Environment.GetEnvironmentVariable("FSCHECK_REPLAY")?.Split(',') is [var seed, var gamma]
            ? FSharpOption<Replay>.Some(new Replay(new Rnd(ulong.Parse(seed), ulong.Parse(gamma)), FSharpOption<int>.None))
            : FSharpOption<Replay>.None;
}
