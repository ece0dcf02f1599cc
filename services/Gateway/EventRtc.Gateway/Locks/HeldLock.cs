using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Gateway.Locks;

/// <summary>A user's place in a room, held by one connection.</summary>
/// <param name="holder">As it stands in Redis.</param>
/// <param name="generation">Grows with each holder of the place: what an earlier one still does is told from it.</param>
/// <param name="asked">When Redis was asked for it, by the clock of <paramref name="locks"/>.</param>
/// <exception cref="RedisException">Redis is away; nothing is known then.</exception>
public sealed class HeldLock(ConnectionLocks locks, RoomId room, UserId user, string holder, long generation, long asked)
{
    private long renewed = asked;

    public RoomId Room => room;

    public UserId User => user;

    public string Holder => holder;

    public long Generation => generation;

    /// <summary>Nobody else can have taken it yet, wherever Redis is.</summary>
    public bool IsCertain => locks.IsCertain(Volatile.Read(ref renewed));

    /// <summary>Keeps it for another while.</summary>
    public async Task<LockState> Renew(CancellationToken ct)
    {
        var before = locks.Now;
        var state = StateOf(await locks.Renew(this, ct));
        if (state is LockState.Held)
            Volatile.Write(ref renewed, before);
        return state;
    }

    /// <summary>Whose it is, without keeping it longer.</summary>
    public async Task<LockState> Look(CancellationToken ct) => StateOf(await locks.Look(this, ct));

    /// <summary>Gives it back, when it still is this connection's.</summary>
    public Task Release(CancellationToken ct) => locks.Release(this, ct);

    private LockState StateOf(string? held) => held is null ? LockState.Lost : held == holder ? LockState.Held : LockState.Taken;
}

public enum LockState
{
    Held,

    /// <summary>Nobody holds it: it ran out, or Redis lost its data.</summary>
    Lost,

    /// <summary>Another connection of the user holds it.</summary>
    Taken,
}
