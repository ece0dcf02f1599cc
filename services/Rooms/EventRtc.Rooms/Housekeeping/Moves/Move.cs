using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>One room on its way.</summary>
/// <param name="To">The new modules, one of each kind at most, each with what is wrong with the former; at least one.</param>
public sealed record Move(RoomId Room, LiveMeta From, IReadOnlyList<Step> To)
{
    /// <summary>The gravest, when there are two.</summary>
    public string Reason => To.MinBy(step => step.Trouble)!.Reason;

    public RoomCommand Command(DateTimeOffset at) => new RoomCommand.ReassignModules(Room, ModuleOf(ModuleKind.Janus), ModuleOf(ModuleKind.Mixer), Reason, at);

    /// <summary>Where the room is once it has moved.</summary>
    public ModuleId ModuleOf(ModuleKind kind) => To.FirstOrDefault(step => step.Kind == kind)?.Module ?? From.ModuleOf(kind);

    /// <summary>The views show that the room's sound flows again, or that there is nothing to wait for.</summary>
    public bool IsDone(RoomViews views) => views.Live switch
    {
        { Status: LiveStatus.OnAir } live when live.JanusId == ModuleOf(ModuleKind.Janus) && live.MixerId == ModuleOf(ModuleKind.Mixer) =>
            views is { Janus: { Status: JanusStatus.Forwarding } janus, Mixer: { } mixer } && janus.Id == live.JanusId && mixer.Id == live.MixerId,
        { Status: LiveStatus.OnAir } => false,
        _ => true,
    };
}

/// <summary>A room leaves a module for another one of the same kind.</summary>
public sealed record Step(ModuleKind Kind, Trouble Trouble, ModuleId Module)
{
    public string Reason => Trouble switch
    {
        Trouble.Gone => MoveReasons.Gone(Kind),
        Trouble.Unstable => MoveReasons.Unstable(Kind),
        Trouble.Draining => MoveReasons.Draining(Kind),
        _ => MoveReasons.Overloaded(Kind),
    };
}
