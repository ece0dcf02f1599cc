namespace EventRtc.Services.Tests.Mixer;

/// <summary>A mixer that loses patience soon.</summary>
public sealed class MixerFaultRig : MixerRig
{
    protected override IReadOnlyDictionary<string, string?> Changes { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["MIXER_STUCK_AFTER"] = "2s",
        ["MIXER_FAILURES_BEFORE_MOVE"] = "3",
    };
}
