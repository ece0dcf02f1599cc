using EventRtc.Contracts.Directories;
using EventRtc.Domain;

namespace EventRtc.Rooms;

/// <summary>A Janus and a mixer that can take one more room, by their heartbeats and marks.</summary>
public sealed class ModulePicker([FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers)
{
    public ModuleId? Janus() => Pick(januses);

    public ModuleId? Mixer() => Pick(mixers);

    private static ModuleId? Pick(ModuleDirectory modules) => Placement.Pick(modules.Candidates(), Random.Shared.Next);
}
