using EventRtc.Contracts.Directories;
using EventRtc.Domain;

namespace EventRtc.Rooms;

/// <summary>A Janus and a mixer that can take one more room, by their heartbeats and marks.</summary>
public sealed class ModulePicker([FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers)
{
    /// <param name="except">The one that the room is to leave.</param>
    /// <returns>Null when none is fit.</returns>
    public ModuleId? Pick(ModuleKind kind, ModuleId? except = null) =>
        Placement.Pick((kind is ModuleKind.Janus ? januses : mixers).Candidates().Where(module => module.Id != except), Random.Shared.Next);
}
