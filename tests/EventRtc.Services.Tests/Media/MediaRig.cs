using EventRtc.Local;
using EventRtc.Services.Tests.Janus;
using EventRtc.Services.Tests.Mixer;

namespace EventRtc.Services.Tests.Media;

/// <summary>Both workers with a real Janus and real ffmpegs: a room's whole media path, without browsers.</summary>
public sealed class MediaRig : JanusRig
{
    private readonly int hlsPort = FreePort.Any();

    internal HlsListener Listener { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Listener = new HlsListener(new Uri($"http://127.0.0.1:{hlsPort}"));
        await Start("mixer-worker", "services/Mixer/EventRtc.Mixer", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MIXER_ID"] = MixerId.Value,
            ["MIXER_HLS_ADDR"] = $"127.0.0.1:{hlsPort}",
            ["MIXER_WORK_DIR"] = Sub("hls"),
            ["MIXER_RTP_PORTS"] = "14000-14999",
            ["MIXER_RECHECK"] = "300ms",
            ["HLS_KEY_SECRET"] = MixerRig.Secret,
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Listener.Dispose();
    }
}
