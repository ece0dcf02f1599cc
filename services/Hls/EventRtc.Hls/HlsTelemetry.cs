using System.Diagnostics.Metrics;

namespace EventRtc.Hls;

/// <summary>What the service tells of those who listen.</summary>
public sealed class HlsTelemetry : IDisposable
{
    private readonly Meter meter = new("EventRtc.Hls");
    private readonly Audience audience;
    private readonly Counter<long> files;

    public HlsTelemetry(TimeProvider clock)
    {
        audience = new Audience(clock);
        meter.CreateObservableGauge("eventrtc.hls.listeners", () => audience.Count, description: "Players that fetched a playlist here within the last 10 to 20 s, an estimate; each replica sees nearly all of them");
        files = meter.CreateCounter<long>("eventrtc.hls.files", description: "Files asked for, by kind (playlist or segment) and HTTP status");
        foreach (var kind in (string[])["playlist", "segment"])
            files.Add(0, new("kind", kind), new("status", StatusCodes.Status200OK));
    }

    /// <param name="found">A player that gets a playlist listens.</param>
    public void Playlist(HttpRequest request, bool found)
    {
        if (found)
            audience.Saw(request);
        Count("playlist", found ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    public void Segment(int status) => Count("segment", status);

    public void Dispose() => meter.Dispose();

    private void Count(string kind, int status) => files.Add(1, new("kind", kind), new("status", status));
}
