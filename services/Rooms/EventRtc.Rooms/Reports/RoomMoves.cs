using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms.Reports;

/// <summary>Moves a room away from a module that says it cannot hold it.</summary>
public sealed class RoomMoves(RoomCommands rooms, ModulePicker modules, TimeProvider clock)
{
    /// <returns>Refused: <see cref="RoomRejections.NotAssigned"/> when the room is not on air, <see cref="RoomRejections.NoCapacity"/> when no other module is fit.</returns>
    /// <inheritdoc cref="RoomCommands.Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public Task<Handled<RoomState>> Move(MoveRoom asked, CommandContext context, CancellationToken ct) =>
        rooms.Handle(asked.Room, state => Decide(state, asked), context, ct);

    private Decision<RoomEvent> Decide(RoomState state, MoveRoom asked)
    {
        if (state is not RoomState.OnAir { Live: var live })
            return RoomRejections.NotAssigned;
        if (live.ModuleOf(asked.Kind) != asked.Module || live.Nonce != asked.Nonce)
            return Decision<RoomEvent>.Nothing; // it is with another one already
        if (modules.Pick(asked.Kind, except: asked.Module) is not { } other)
            return RoomRejections.NoCapacity;

        var (janus, mixer) = asked.Kind is ModuleKind.Janus ? (other, live.Mixer) : (live.Janus, other);
        return RoomDecider.Decide(state, new RoomCommand.ReassignModules(asked.Room, janus, mixer, asked.Reason, clock.GetUtcNow()));
    }
}
