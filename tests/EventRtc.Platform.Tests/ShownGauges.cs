using System.Diagnostics.Metrics;

namespace EventRtc.Platform.Tests;

/// <summary>What the gauges of one meter in this process show, each time somebody asks.</summary>
internal sealed class ShownGauges : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<(Instrument Gauge, string? Label, double Value)> seen = [];
    private readonly MeterListener listener = new();

    public ShownGauges(string meter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == meter)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.Start();
    }

    /// <param name="label">The value of the gauge's only label; null for all.</param>
    /// <returns>Observed now; or of others whatever was recorded since the last time.</returns>
    public IReadOnlyList<double> Of(string gauge, string? label = null)
    {
        lock (gate)
        {
            seen.RemoveAll(shown => shown.Gauge.IsObservable);
            listener.RecordObservableInstruments();
            double[] values = [.. seen.Where(shown => shown.Gauge.Name == gauge && (label is null || shown.Label == label)).Select(shown => shown.Value)];
            seen.RemoveAll(shown => shown.Gauge.Name == gauge);
            return values;
        }
    }

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (gate)
            seen.Add((instrument, labels.Length == 1 ? labels[0].Value?.ToString() : null, value));
    }
}
