using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>10 ms as the browser's decoder put them out.</summary>
/// <param name="At">When the page got it, which may be late.</param>
/// <param name="Track">Of which peer connection.</param>
internal sealed record Frame(DateTimeOffset At, bool HasTone, int Track);

/// <summary>When an anchor heard the other one's steady tone, and when not.</summary>
internal sealed class Heard
{
    /// <summary>How late a busy page may get a frame that the decoder had in time; it gets those that wait all at once then.</summary>
    private const int Late = 100;

    /// <summary>What is shorter is no end of the sound that went before, nor of the silence.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(150), Lasting = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> silences;
    private readonly TimeSpan madeUpAtOnce;

    /// <param name="frames">All, as they came.</param>
    /// <param name="madeUp">How much of the time since the last such count the decoder has made up; every 100 ms.</param>
    public Heard(IReadOnlyList<Frame> frames, IReadOnlyList<(DateTimeOffset At, TimeSpan Time)> madeUp)
    {
        var mostlyMadeUp = madeUp.Zip(madeUp.Skip(1), (last, now) => (From: last.At, To: now.At, Is: now.Time > (now.At - last.At) / 2)).Where(span => span.Is).ToList();
        var heard = frames.GroupBy(frame => frame.Track).SelectMany(Placed)
            .Where(frame => frame.HasTone && !mostlyMadeUp.Exists(span => frame.At > span.From && frame.At <= span.To))
            .Select(frame => frame.At).Order().ToList();
        silences = [.. heard.Zip(heard.Skip(1), (last, next) => (last + Gap.Frame, next)).Where(silence => silence.Item1 < silence.next)];
        madeUpAtOnce = Longest(madeUp.Select(count => count.Time));
    }

    /// <summary>The longest time without the tone.</summary>
    public TimeSpan LongestSilence => silences.Select(silence => silence.To - silence.From).Append(madeUpAtOnce).Max();

    /// <summary>When it was heard again, and then for a while, after the first silence since a time; that time itself when there was none.</summary>
    public DateTimeOffset AgainAfter(DateTimeOffset time)
    {
        var longOnes = silences.Where(silence => silence.To > time && silence.To - silence.From >= Noticeable).ToList();
        if (longOnes is [])
            return time;
        var last = longOnes.Zip(longOnes.Skip(1)).TakeWhile(pair => pair.Second.From - pair.First.To < Lasting).Count();
        return longOnes[last].To;
    }

    /// <summary>Frames follow each other at their own pace: one that came later than the pace of the others demands was only got late.</summary>
    private static IEnumerable<Frame> Placed(IEnumerable<Frame> ofTrack)
    {
        var frames = ofTrack.ToList();
        var lags = frames.Select((frame, i) => frame.At - i * Gap.Frame).ToList();
        return frames.Select((frame, i) => frame with { At = lags.Skip(i).Take(Late).Min() + i * Gap.Frame });
    }

    /// <summary>What was made up in one go shows in successive looks.</summary>
    private static TimeSpan Longest(IEnumerable<TimeSpan> madeUp)
    {
        TimeSpan longest = default, current = default;
        foreach (var time in madeUp)
            longest = (current = time > TimeSpan.Zero ? current + time : default) > longest ? current : longest;
        return longest;
    }
}
