using EventRtc.Contracts.Directories;
using EventRtc.Domain;

namespace EventRtc.Rooms;

/// <summary>A Janus and a mixer that can take one more room, by their heartbeats and marks.</summary>
public sealed class ModulePicker([FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers)
{
    /// <summary>Null when there is no fit Janus or no fit mixer.</summary>
    public (ModuleId Janus, ModuleId Mixer)? Pick() =>
        (Placement.Pick(januses.Candidates(), Random.Shared.Next), Placement.Pick(mixers.Candidates(), Random.Shared.Next)) is ({ } janus, { } mixer) ? (janus, mixer) : null;
}
