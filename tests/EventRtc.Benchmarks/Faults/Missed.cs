using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>What was spoken and is not in what a listener got, by the time code in the sound itself.</summary>
/// <param name="Total">All of it together.</param>
/// <param name="AtOnce">The most in one place.</param>
internal sealed record Missed(TimeSpan Total, TimeSpan AtOnce)
{
    /// <summary>Readings are that exact: what is less is nothing.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(40);

    private static readonly int FrameSamples = (int)(Tone.SampleRate * Gap.Frame.TotalSeconds), WindowSamples = (int)(Tone.SampleRate * TimeCode.Window.TotalSeconds);

    /// <param name="segments">As they came, from when all was well to when it was so again.</param>
    public static async Task<Missed> From(IReadOnlyList<Segment> segments)
    {
        var runs = new List<Run>();
        foreach (var segment in segments.Where(segment => segment.Sound is not []))
            runs.AddRange(Spoken(await Listener.Decode([segment.Sound])));
        var between = runs.Zip(runs.Skip(1), (last, next) => TimeCode.Between(last.Last, next.First)).ToList();
        if (between is [])
            throw new InvalidOperationException("The listener got no sound");
        // A decoder that begins anew with each segment loses a little of its beginning: as much at every one.
        var usual = between.Order().ElementAt(between.Count / 2);
        var within = runs.Select(run => TimeCode.Between(run.First, run.Last) - run.Length);
        var missed = between.Select(time => time - usual).Concat(within).Where(time => time > Precision).ToList();
        var (total, atOnce) = (missed.Aggregate(TimeSpan.Zero, (sum, time) => sum + time), missed.Append(TimeSpan.Zero).Max());
        var whole = WholePeriods(segments, total);
        return new(total + whole, atOnce + whole);
    }

    /// <summary>The code does not show them; that so much less has come than time has passed does.</summary>
    private static TimeSpan WholePeriods(IReadOnlyList<Segment> segments, TimeSpan missed)
    {
        var come = segments.Skip(1).Aggregate(TimeSpan.Zero, (sum, segment) => sum + segment.Duration);
        return Math.Max(0, Math.Round((segments[^1].At - segments[0].At - come - missed) / TimeCode.Period)) * TimeCode.Period;
    }

    private static IEnumerable<Run> Spoken(float[] samples)
    {
        foreach (var (from, to) in Loud(samples))
        {
            if (TimeCode.Read(samples.AsSpan(from, WindowSamples)) is { } first && TimeCode.Read(samples.AsSpan(to - WindowSamples, WindowSamples)) is { } last)
                yield return new(first - TimeCode.Window / 2, last + TimeCode.Window / 2, TimeSpan.FromSeconds((double)(to - from) / Tone.SampleRate));
        }
    }

    /// <summary>The parts with the steady tone that are long enough to be read; two frames without it may be a click.</summary>
    private static IEnumerable<(int From, int To)> Loud(float[] samples)
    {
        var loud = samples.Chunk(FrameSamples).Where(frame => frame.Length == FrameSamples).Select(frame => Tone.AmplitudeAt(frame, 1000)).ToList();
        var least = loud.Order().ElementAt(loud.Count * 9 / 10) / 2;
        var (from, quiet) = (-1, 0);
        for (var i = 0; i <= loud.Count; i++)
        {
            var ends = i == loud.Count;
            if (!ends && loud[i] >= least)
            {
                (from, quiet) = (from < 0 ? i : from, 0);
                continue;
            }
            quiet++;
            if (from < 0 || (!ends && quiet < 3))
                continue;
            var (first, last) = (from * FrameSamples, (i - quiet + 1) * FrameSamples);
            if (last - first >= WindowSamples)
                yield return (first, last);
            from = -1;
        }
    }

    /// <summary>A part with sound.</summary>
    /// <param name="First">When its first sample was spoken, and its last.</param>
    private sealed record Run(TimeSpan First, TimeSpan Last, TimeSpan Length);
}
