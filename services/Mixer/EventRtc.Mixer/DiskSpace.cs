using System.Diagnostics.Metrics;
using EventRtc.Hosting;
using EventRtc.Mixer.Rooms;

namespace EventRtc.Mixer;

/// <summary>
/// Watches the space that is left for segments. ffmpeg does not mind a full disk: it goes on, makes empty segments, and all is well again once there is space. Nobody hears
/// anything meanwhile, and so the rooms should be elsewhere.
/// </summary>
public sealed class DiskSpace : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Meter meter = new("EventRtc.Mixer");
    private readonly WorkFolder folder;
    private readonly long least;
    private readonly TimeProvider clock;
    private long free;

    public DiskSpace(WorkFolder folder, MixerOptions options, TimeProvider clock)
    {
        (this.folder, least, this.clock) = (folder, options.MinFreeSpace, clock);
        free = folder.FreeSpace;
        meter.CreateObservableGauge("eventrtc.mixer.disk.free", () => Volatile.Read(ref free), "By", "Space left for segments");
    }

    /// <summary><see cref="IsLow"/> is another one now.</summary>
    public event Action? Changed;

    public bool IsLow => Volatile.Read(ref free) < least;

    /// <summary>The health page's line; the log says once when it turns bad and once when it is well again.</summary>
    public HealthLine Line => IsLow ? HealthLine.Unwell(Text) : HealthLine.Well(Text);

    private string Text => $"{Volatile.Read(ref free) / 1024:N0} KiB free, {least / 1024:N0} needed";

    public async Task Run(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            var before = IsLow;
            Volatile.Write(ref free, folder.FreeSpace);
            if (IsLow != before)
                Changed?.Invoke();
        }
    }

    public void Dispose() => meter.Dispose();
}
