using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Connections;

/// <summary>The user's place in the room, as far as one connection holds it: the lock, from the first join to the end.</summary>
/// <param name="close">Closes the connection.</param>
public sealed class ConnectionPlace(ConnectionParts parts, Visitor visitor, Action<Closing> close)
{
    private volatile HeldLock? held;

    /// <summary>Null while it has none.</summary>
    public long? Generation => held?.Generation;

    public bool IsHeldBy(string holder) => held?.Holder == holder;

    /// <summary>The place, as this connection's: it has it from an earlier join, or takes it.</summary>
    /// <exception cref="JsonRpc.RpcException">Another client has it, or this connection has lost it.</exception>
    public async Task<HeldLock> Hold(Guid client, CancellationToken ct)
    {
        if (held is { } mine)
        {
            await Renew(mine, ct);
            return mine;
        }
        return held = await parts.Locks.Take(visitor.Room, visitor.User, client, ct) ?? throw Refusals.ToRpc(GatewayRejections.AlreadyJoined);
    }

    /// <summary>Acts for the user only while the place is certainly this connection's: a process that was paused may have lost it.</summary>
    public async Task<T> AsHolder<T>(Func<Task<T>> act, CancellationToken ct)
    {
        var mine = Mine();
        if (!mine.IsCertain)
            await Renew(mine, ct);
        return await act();
    }

    /// <summary>Keeps it for another while.</summary>
    public async Task<HeldLock> Renew(CancellationToken ct)
    {
        var mine = Mine();
        await Renew(mine, ct);
        return mine;
    }

    /// <summary>Looks whether it is still this connection's, and closes when it is not.</summary>
    /// <param name="always">Also when nothing speaks against it.</param>
    public async Task LookAfter(bool always, CancellationToken ct)
    {
        if (held is { } mine && (always || !mine.IsCertain))
            CloseUnlessHeld(await mine.Look(ct));
    }

    /// <summary>Whoever takes it gives it back.</summary>
    public HeldLock? Take() => Interlocked.Exchange(ref held, null);

    private HeldLock Mine() => held ?? throw Refusals.ToRpc(GatewayRejections.NotJoined);

    private async Task Renew(HeldLock mine, CancellationToken ct)
    {
        var state = await mine.Renew(ct);
        CloseUnlessHeld(state);
        if (state is not LockState.Held)
            throw Refusals.ToRpc(state is LockState.Taken ? PresenceRejections.TakenOver : GatewayRejections.LockLost);
    }

    private void CloseUnlessHeld(LockState state)
    {
        if (state is not LockState.Held)
            close(state is LockState.Taken ? Closing.TakenOver : Closing.LockLost);
    }
}
