using System.Globalization;

namespace EventRtc.Ops.Doctor;

/// <summary>How far another clock is ahead of ours, as far as one question can tell: the answer was written some time between question and receipt.</summary>
/// <param name="Least">It is at least so far ahead; negative: it may be behind.</param>
/// <param name="Most">And at most so far.</param>
internal sealed record ClockReading(TimeSpan Least, TimeSpan Most)
{
    /// <summary>Far enough that timers and times in the log begin to look odd.</summary>
    public static readonly TimeSpan Odd = TimeSpan.FromSeconds(1);

    /// <summary>Tokens allow 30 s, and mixers number a room's segments by their clocks: with 5 s a room that moves would lead its players back.</summary>
    public static readonly TimeSpan Wrong = TimeSpan.FromSeconds(5);

    /// <param name="told">The other clock's time, or the start of the span that it stands for.</param>
    /// <param name="coarse">Length of that span: a second for a clock that tells full seconds.</param>
    public static ClockReading Of(DateTimeOffset asked, DateTimeOffset told, DateTimeOffset answered, TimeSpan coarse = default) => new(told - answered, told + coarse - asked);

    /// <summary>What is certain of the difference; zero when none is.</summary>
    public TimeSpan Certain => Least > TimeSpan.Zero ? Least : Most < TimeSpan.Zero ? Most : TimeSpan.Zero;

    public Verdict Verdict => Certain.Duration() > Wrong ? Verdict.Fail : Certain.Duration() > Odd ? Verdict.Warn : Verdict.Ok;

    /// <summary>How much the question itself leaves open.</summary>
    public TimeSpan Doubt => Most - Least;

    public override string ToString() => Certain == TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"agrees with this machine's clock; it may be off by {Larger(Least.Duration(), Most.Duration()).TotalSeconds:0.000} s at most")
        : string.Create(CultureInfo.InvariantCulture, $"is at least {Certain.Duration().TotalSeconds:0.000} s {(Certain > TimeSpan.Zero ? "ahead of" : "behind")} this machine's clock");

    private static TimeSpan Larger(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
