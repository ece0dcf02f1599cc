using System.Net.WebSockets;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Limits;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Projections;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// One visitor's WebSocket. It joins, which takes the user's place in the room (the lock), gives it a Janus session and makes the user a member; it may lose its media and
/// join again. When it ends, <see cref="Farewell"/> says what becomes of all three.
/// </summary>
public sealed class Connection : IDisposable
{
    private readonly string name;
    private readonly ConnectionParts parts;
    private readonly WebSocketPeer peer;
    private readonly ConnectionMedia media;
    private readonly Moderation moderation;
    private readonly SemaphoreSlim turn = new(1);
    private volatile HeldLock? held;
    private volatile bool member;
    private volatile Closing? closing;
    private long toldVersion = -1;

    public Connection(WebSocket socket, string name, Visitor visitor, ConnectionParts parts)
    {
        (this.name, this.parts, Visitor) = (name, parts, visitor);
        peer = new WebSocketPeer(socket, name, Methods(), parts.PeerOptions with { Gate = Gate }, parts.PeerLog, parts.Clock);
        media = new ConnectionMedia(parts, visitor, peer.Notify);
        moderation = new Moderation(parts, visitor, media);
    }

    public Visitor Visitor { get; }

    /// <summary>Serves until the WebSocket has ended, and clears up.</summary>
    public async Task Run()
    {
        var end = await peer.Run(CancellationToken.None);
        parts.Lobby.Remove(this);
        parts.Log.LogDebug("{User} in {Room}: the connection ended with {Code} {Reason}", Visitor.User, Visitor.Room, end.Code, end.Reason);
        try
        {
            await Part(Farewells.Of(end, closing), "disconnected");
        }
        catch (Exception failure) when (parts.Passing.Includes(failure))
        {
            parts.Log.LogWarning("{User} in {Room} is gone, and nobody could be told; its place and presence lapse by themselves: {Reason}", Visitor.User, Visitor.Room, failure.Message);
        }
    }

    /// <summary>The first close counts.</summary>
    public void Close(Closing why)
    {
        Interlocked.CompareExchange(ref closing, why, null);
        peer.Close(why.Code, why.Why);
    }

    /// <summary>Tells who is in the room, unless it knows better already.</summary>
    public void Tell(RoomStatus status)
    {
        var told = Volatile.Read(ref toldVersion);
        while (member && status.Version > told)
        {
            var before = Interlocked.CompareExchange(ref toldVersion, status.Version, told);
            if (before == told)
            {
                peer.Notify("roomStatus", status);
                return;
            }
            told = before;
        }
    }

    /// <summary>Looks at its room again: it may have ended, or its media may have moved.</summary>
    public void Look(RoomViews views)
    {
        if (!member)
            return;
        if (views.Live is not { Status: LiveStatus.OnAir })
        {
            peer.Notify("roomEnding", new ReasonNotice("removed"));
            Close(Closing.RoomEnded);
        }
        else if (views.Janus is { } janus)
        {
            media.Look(janus);
        }
    }

    /// <summary>Closes when the eviction means this connection.</summary>
    public void Evict(Eviction eviction)
    {
        if (eviction.User == Visitor.User && (eviction.Holder is null || eviction.Holder == held?.Holder))
            Close(eviction.Reason is Eviction.TakenOver ? Closing.TakenOver : Closing.Removed);
    }

    /// <summary>Looks whether it still holds its place, and closes when it does not.</summary>
    /// <param name="always">Also when nothing speaks against it.</param>
    public async Task LookAfterLock(bool always, CancellationToken ct)
    {
        if (held is { } mine && (always || !mine.IsCertain))
            CloseUnlessHeld(await mine.Look(ct));
    }

    public void Dispose()
    {
        peer.Dispose();
        turn.Dispose();
    }

    private RpcMethods Methods() => parts.NewMethods()
        .On<JoinRequest, JoinAnswer>("join", (request, _, ct) => InTurn(() => Join(request, ct), ct))
        .On<SdpMessage, SdpMessage>("offer", (offer, _, ct) => InTurn(() => AsHolder(() => media.Offer(offer.Sdp, ct), ct), ct))
        .On<CandidateMessage>("icecandidate", (message, _, ct) => media.Trickle(message, ct))
        .On<StatusMessage>("keepalive", (message, _, ct) => Report(message.Status, ct))
        .On<StatusMessage>("status", (message, _, ct) => Report(message.Status, ct))
        .On<MuteMessage, object?>("mute", (message, _, ct) => AsHolder(() => moderation.Mute(message, ct), ct))
        .On<RemoveMessage, object?>("remove", (message, _, ct) => AsHolder(() => moderation.Remove(message.UserId, ct), ct))
        .On<Nothing, object?>("endRoom", (_, call, ct) => AsHolder(() => moderation.EndRoom(call.RequestId, ct), ct))
        .On<Nothing, object?>("leave", (_, _, ct) => InTurn(Leave, ct));

    /// <summary>One after the other, for whatever changes the connection's place or session.</summary>
    private async Task<T> InTurn<T>(Func<Task<T>> act, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Acts for the user only while the place is certainly this connection's: a process that was paused may have lost it.</summary>
    private async Task<T> AsHolder<T>(Func<Task<T>> act, CancellationToken ct)
    {
        if (held is not { } mine)
            throw Refusals.ToRpc(GatewayRejections.NotJoined);
        if (!mine.IsCertain)
            await Renew(mine, ct);
        return await act();
    }

    private async Task<JoinAnswer> Join(JoinRequest request, CancellationToken ct)
    {
        if (request.Fault is { } fault)
            throw Refusals.ToRpc(GatewayRejections.Invalid(fault));
        if (parts.Limits.Join(Visitor) is { } limit)
            throw VisitorLimits.ToRpc(limit);
        var (place, why) = parts.Door.Knock(Visitor, request.Pin);
        if (place is null)
            throw Refusals.ToRpc(why!);

        var mine = await Hold(request.ClientId, ct);
        var answer = await media.Enter(place, request.Jtoken, ct);
        await BecomeMember(mine, request.DisplayName, ct);
        Look(parts.Directory.Find(Visitor.Room));
        return answer;
    }

    /// <summary>The place, as this connection's: it has it from an earlier join, or takes it.</summary>
    private async Task<HeldLock> Hold(Guid client, CancellationToken ct)
    {
        if (held is { } mine)
        {
            await Renew(mine, ct);
            return mine;
        }
        held = await parts.Locks.Take(Visitor.Room, Visitor.User, client, ct) ?? throw Refusals.ToRpc(GatewayRejections.AlreadyJoined);
        parts.Lobby.Add(this);
        return held;
    }

    private async Task BecomeMember(HeldLock mine, string? displayName, CancellationToken ct)
    {
        try
        {
            // From now on, as a status that is told to all may overtake the answer, and an answer that is lost may have let us in.
            member = true;
            Tell(await parts.Users.Join(new JoinRoom(Visitor.Room, Visitor.User, Visitor.Role, mine.Generation, displayName), ct));
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { Kind: not RejectionKind.Unavailable })
        {
            member = false;
            await Part(Farewell.Leave, "refused");
            parts.Lobby.Remove(this);
            throw;
        }
    }

    private async Task<object?> Leave()
    {
        await Part(Farewell.Leave, "left");
        Close(Closing.Left);
        return null;
    }

    private async Task Report(string status, CancellationToken ct)
    {
        if (status is not ("onair" or "idle"))
            throw Refusals.ToRpc(GatewayRejections.Invalid("status is onair or idle."));
        if (!member || held is not { } mine)
            throw Refusals.ToRpc(GatewayRejections.NotJoined);
        await Renew(mine, ct);
        try
        {
            await parts.Users.Report(new ReportStatus(Visitor.Room, Visitor.User, Visitor.Role, mine.Generation, status), ct);
        }
        catch (RpcException refused) when (refused.Reason == GatewayRejections.TakenOver.Code)
        {
            Close(Closing.TakenOver);
            throw;
        }
        catch (RpcException refused) when (refused.Reason == RoomRejections.NotAdmitted.Code)
        {
            Close(Closing.Removed);
            throw;
        }
    }

    private async Task Renew(HeldLock mine, CancellationToken ct)
    {
        var state = await mine.Renew(ct);
        CloseUnlessHeld(state);
        if (state is not LockState.Held)
            throw Refusals.ToRpc(state is LockState.Taken ? GatewayRejections.TakenOver : GatewayRejections.LockLost);
    }

    private void CloseUnlessHeld(LockState state)
    {
        if (state is not LockState.Held)
            Close(state is LockState.Taken ? Closing.TakenOver : Closing.LockLost);
    }

    private RpcException? Gate()
    {
        if (parts.Limits.Message(name, Visitor) is not { } limit)
            return null;
        if (parts.Limits.Refusal(name) is { } enough)
            Close(Closing.TooMany(enough.Code, enough.RetryAfter));
        return VisitorLimits.ToRpc(limit);
    }

    /// <summary>Gives up media, membership and place, as far as the farewell says. The place comes last: who waits for it finds the rest done.</summary>
    private async Task Part(Farewell farewell, string reason)
    {
        var (last, wasMember) = (media.Take(), Interlocked.Exchange(ref member, false));
        if (held is not { } mine)
            return;
        held = null;
        try
        {
            // The user's next connection may have claimed the session already: then it is not ours to end.
            var end = farewell is Farewell.Leave && await mine.Look(CancellationToken.None) is LockState.Taken ? Farewell.Yield : farewell;
            await Part(end, last, mine.Generation, wasMember ? reason : null);
            await mine.Release(CancellationToken.None);
        }
        catch
        {
            last?.LetGo(); // Janus ends what nobody keeps alive
            throw;
        }
    }

    /// <param name="reason">Null when there is nobody to be told.</param>
    private async Task Part(Farewell farewell, AudioBridge? last, long generation, string? reason)
    {
        switch (farewell)
        {
            case Farewell.Yield:
                last?.LetGo();
                break;
            case Farewell.Stay when last is { InRoom: true }:
                KeepForLater(last, generation);
                break;
            default:
                if (last is not null)
                    await last.Close();
                if (farewell is Farewell.Leave && reason is not null)
                    await parts.Users.Leave(new LeaveRoom(Visitor.Room, Visitor.User, generation, reason), CancellationToken.None);
                break;
        }
    }

    /// <summary>A gateway that stops leaves it to Janus to keep, as one that dies does.</summary>
    private void KeepForLater(AudioBridge last, long generation)
    {
        if (parts.IsStopping)
            last.LetGo();
        else
            parts.Parked.Park(Visitor, last, generation);
    }
}
