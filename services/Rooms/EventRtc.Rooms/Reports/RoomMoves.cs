using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms.Reports;

/// <summary>Moves a room away from a module that says it cannot hold it.</summary>
public sealed class RoomMoves(RoomCommands rooms, AskedMoves turns, TimeProvider clock)
{
    /// <returns>Refused: <see cref="RoomRejections.NotAssigned"/> when the room is not on air, <see cref="RoomRejections.NoCapacity"/> when no other module is fit, <see cref="AskedMoves.MovedJustNow"/> when
    /// that has to wait.</returns>
    /// <inheritdoc cref="RoomCommands.Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public async Task<Handled<RoomState>> Move(MoveRoom asked, CommandContext context, CancellationToken ct)
    {
        Target? taken = null; // one turn, however often it is decided
        var handled = await rooms.Handle(asked.Room, state => Decide(state, asked, () => taken ??= turns.Take(asked)), context, ct);
        if (handled is Handled<RoomState>.Done { Appended: true })
            MoveMetrics.Moved(asked.Reason);
        return handled;
    }

    private Decision<RoomEvent> Decide(RoomState state, MoveRoom asked, Func<Target> takeTurn)
    {
        if (state is not RoomState.OnAir { Live: var live })
            return RoomRejections.NotAssigned;
        if (live.ModuleOf(asked.Kind) != asked.Module || live.Nonce != asked.Nonce)
            return Decision<RoomEvent>.Nothing; // it is with another one already
        var target = takeTurn();
        if (target.Module is not { } other)
            return target.NoneFit ? RoomRejections.NoCapacity : AskedMoves.MovedJustNow;

        var (janus, mixer) = asked.Kind is ModuleKind.Janus ? (other, live.Mixer) : (live.Janus, other);
        return RoomDecider.Decide(state, new RoomCommand.ReassignModules(asked.Room, janus, mixer, asked.Reason, clock.GetUtcNow()));
    }
}
