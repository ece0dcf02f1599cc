using System.Diagnostics.Metrics;

namespace EventRtc.Projector;

/// <summary>How far the views are behind and what holds them up, as this replica last measured it. What was measured long ago is not shown: it may be anything by now, and says so by its absence.</summary>
internal sealed class LagMetrics
{
    /// <summary>A call to a frozen server takes five seconds by default, and a loop that failed begins again after ten at most.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(20);

    private static readonly Meter Meter = new("EventRtc.Projector");

    private readonly TimeProvider clock;
    private volatile Taken<Lag>? lag;
    private volatile Taken<int>? parked;

    public LagMetrics(TimeProvider clock)
    {
        this.clock = clock;
        Meter.CreateObservableGauge<long>("eventrtc.projector.lag.events", () => Fresh(lag, now => now.Events), description: "Positions from the oldest event that its room does not show to the store's last one");
        Meter.CreateObservableGauge<double>("eventrtc.projector.lag.age", () => Fresh(lag, now => now.Age.TotalSeconds), unit: "s", description: "Age of the oldest event that its room does not show");
        Meter.CreateObservableGauge<int>("eventrtc.parked.events", () => Fresh(parked, now => now), description: "Events that cannot be read and hold up their stream until an operator decides");
    }

    public void Measured(Lag now) => lag = new(now, clock.GetTimestamp());

    public void Parked(int events) => parked = new(events, clock.GetTimestamp());

    private IEnumerable<Measurement<TShown>> Fresh<T, TShown>(Taken<T>? last, Func<T, TShown> shown) where TShown : struct =>
        last is not null && clock.GetElapsedTime(last.At) < GoodFor ? [new Measurement<TShown>(shown(last.Value))] : [];

    private sealed record Taken<T>(T Value, long At);
}
