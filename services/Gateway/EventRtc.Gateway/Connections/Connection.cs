using System.Net.WebSockets;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Gateway.Limits;
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
    private readonly ConnectionPlace place;
    private readonly ConnectionMedia media;
    private readonly ConnectionMembership membership;
    private readonly Moderation moderation;
    private readonly Parting parting;
    private readonly SemaphoreSlim turn = new(1);
    private volatile Closing? closing;

    public Connection(WebSocket socket, string name, Visitor visitor, ConnectionParts parts)
    {
        (this.name, this.parts, Visitor) = (name, parts, visitor);
        peer = new WebSocketPeer(socket, name, Methods(), parts.PeerOptions with { Gate = Gate }, parts.PeerLog, parts.Clock);
        place = new ConnectionPlace(parts, visitor, Close);
        media = new ConnectionMedia(parts, visitor, peer.Notify);
        membership = new ConnectionMembership(parts, visitor, peer.Notify, Close);
        moderation = new Moderation(parts, visitor, media);
        parting = new Parting(parts, visitor);
    }

    public Visitor Visitor { get; }

    /// <summary>Serves until the WebSocket has ended, and clears up.</summary>
    public async Task Run()
    {
        parts.Log.LogDebug("{User} in {Room} is connected", Visitor.User, Visitor.Room);
        var end = await peer.Run(CancellationToken.None);
        parts.Lobby.Remove(this);
        GatewayTelemetry.Closed(end);
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

    /// <inheritdoc cref="ConnectionMembership.Tell"/>
    public void Tell(RoomStatus status) => membership.Tell(status);

    /// <summary>The room is over.</summary>
    public void EndWithRoom()
    {
        if (!membership.IsMember)
            return;
        peer.Notify("roomEnding", new ReasonNotice("removed"));
        Close(Closing.RoomEnded);
    }

    /// <inheritdoc cref="ConnectionMedia.Look"/>
    public void Look(JanusView now, bool ready) => media.Look(now, ready);

    /// <inheritdoc cref="ConnectionMedia.LookAgain"/>
    public void LookAgain(JanusView now) => media.LookAgain(now);

    /// <summary>Closes when the eviction means this connection.</summary>
    public void Evict(Eviction eviction)
    {
        if (eviction.User == Visitor.User && (eviction.Holder is null || place.IsHeldBy(eviction.Holder)))
            Close(eviction.Reason is Eviction.TakenOver ? Closing.TakenOver : Closing.Removed);
    }

    /// <inheritdoc cref="ConnectionPlace.LookAfter"/>
    public Task LookAfterLock(bool always, CancellationToken ct) => place.LookAfter(always, ct);

    public void Dispose()
    {
        peer.Dispose();
        turn.Dispose();
    }

    private RpcMethods Methods() => parts.NewMethods()
        .On<JoinRequest, JoinAnswer>("join", (request, _, ct) => InTurn(() => Join(request, ct), ct))
        .On<SdpMessage, SdpMessage>("offer", (offer, _, ct) => InTurn(() => AsMember(() => media.Offer(offer.Sdp, ct), ct), ct))
        .On<CandidateMessage>("icecandidate", (message, _, ct) => media.Trickle(message, ct))
        .On<StatusMessage>("keepalive", (message, _, ct) => Report(message.Status, ct))
        .On<StatusMessage>("status", (message, _, ct) => Report(message.Status, ct))
        .On<MuteMessage, object?>("mute", (message, _, ct) => AsMember(() => moderation.Mute(message, ct), ct))
        .On<RemoveMessage, object?>("remove", (message, _, ct) => AsMember(() => moderation.Remove(message.UserId, ct), ct))
        .On<Nothing, object?>("endRoom", (_, call, ct) => AsMember(() => moderation.EndRoom(call.RequestId, ct), ct))
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

    /// <summary>Acts only for whom the users service has let in at this place: while it joins, or cannot, nobody may do more than wait, however good the token.</summary>
    private Task<T> AsMember<T>(Func<Task<T>> act, CancellationToken ct) =>
        place.Generation is { } mine && membership.IsLetIn(mine) ? place.AsHolder(act, ct) : throw Refusals.ToRpc(GatewayRejections.NotJoined);

    private async Task<JoinAnswer> Join(JoinRequest request, CancellationToken ct)
    {
        if (request.Fault is { } fault)
            throw Refusals.ToRpc(GatewayRejections.Invalid(fault));
        if (parts.Limits.Join(Visitor) is { } limit)
            throw VisitorLimits.ToRpc(limit);
        var (where, why) = await parts.Door.Knock(Visitor, request.Pin, ct);
        if (where is null)
            throw Refusals.ToRpc(why!);

        var mine = await place.Hold(request.ClientId, ct);
        parts.Lobby.Add(this);
        var answer = await media.Enter(where, request.Jtoken, ct);
        await BecomeMember(mine.Generation, request.DisplayName, ct);
        GatewayTelemetry.Joined(answer.Resume);
        parts.Watch.Look(Visitor.Room); // it may have ended, or moved, before we could be told
        return answer;
    }

    private async Task BecomeMember(long generation, string? displayName, CancellationToken ct)
    {
        try
        {
            await membership.Join(generation, displayName, ct);
        }
        catch (RpcException refused) when (ConnectionMembership.IsForGood(refused))
        {
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
        if (!membership.IsMember)
            throw Refusals.ToRpc(GatewayRejections.NotJoined);
        var mine = await place.Renew(ct);
        await membership.Report(status, mine.Generation, ct);
    }

    private RpcException? Gate()
    {
        if (parts.Limits.Message(name, Visitor) is not { } limit)
            return null;
        GatewayTelemetry.Refused(limit.Code);
        if (parts.Limits.Refusal(name) is { } enough)
            Close(Closing.TooMany(enough.Code, enough.RetryAfter));
        return VisitorLimits.ToRpc(limit);
    }

    private Task Part(Farewell farewell, string reason)
    {
        var (last, wasMember) = (media.Take(), membership.End());
        return parting.Part(farewell, place.Take(), last, wasMember ? reason : null);
    }
}
