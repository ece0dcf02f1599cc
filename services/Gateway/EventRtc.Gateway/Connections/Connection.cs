using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Projections;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// One visitor's WebSocket. It joins, which makes the visitor a member of the room and gives it a Janus session; it may lose that session and
/// join again; when it ends, for whatever reason, both end with it.
/// </summary>
public sealed class Connection : IDisposable
{
    private const int LongestName = 64;

    private readonly ConnectionParts parts;
    private readonly WebSocketPeer peer;
    private readonly SemaphoreSlim turn = new(1);
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AudioBridge? bridge;
    private volatile bool member;
    private long toldVersion = -1;

    public Connection(WebSocket socket, string name, Visitor visitor, ConnectionParts parts)
    {
        this.parts = parts;
        Visitor = visitor;
        peer = new WebSocketPeer(socket, name, Methods(), parts.PeerOptions, parts.PeerLog, parts.Clock);
    }

    public Visitor Visitor { get; }

    /// <summary>The tab it belongs to; empty before the first join.</summary>
    public Guid Client { get; private set; }

    /// <summary>Neither side has closed it.</summary>
    public bool IsOpen => !peer.IsClosing;

    /// <summary>Completes when nothing of it is left, neither in the room nor in Janus.</summary>
    public Task Gone => gone.Task;

    /// <summary>Serves until the WebSocket has ended, and clears up.</summary>
    public async Task Run()
    {
        try
        {
            var end = await peer.Run(CancellationToken.None);
            parts.Log.LogDebug("{User} in {Room}: the connection ended with {Code} {Reason}", Visitor.User, Visitor.Room, end.Code, end.Reason);
            await LeaveRoom("disconnected");
        }
        finally
        {
            parts.Lobby.Remove(this);
            gone.SetResult();
        }
    }

    public void Close(int code, string reason) => peer.Close(code, reason);

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
            Close(CloseCodes.RoomEnded, "room ended");
        }
        else if (bridge is { } current && views.Janus is { } now && (now.Id != current.Place.Janus || now.JanusRoomId != current.Place.JanusRoom))
        {
            LoseMedia(current, now.Id == current.Place.Janus ? "janus_restarted" : "moved");
        }
    }

    public void Dispose()
    {
        peer.Dispose();
        turn.Dispose();
    }

    private RpcMethods Methods() => parts.NewMethods()
        .On<JoinRequest, JoinAnswer>("join", (request, _, ct) => InTurn(() => Join(request, ct), ct))
        .On<SdpMessage, SdpMessage>("offer", (offer, _, ct) => InTurn(() => Offer(offer.Sdp, ct), ct))
        .On<CandidateMessage>("icecandidate", (message, _, ct) => Media().Trickle(ToJanus(message), ct))
        .On<StatusMessage>("keepalive", (message, _, ct) => Report(message.Status, ct))
        .On<StatusMessage>("status", (message, _, ct) => Report(message.Status, ct))
        .On<Nothing, object?>("leave", (_, _, ct) => InTurn(Leave, ct));

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

    private async Task<JoinAnswer> Join(JoinRequest request, CancellationToken ct)
    {
        if (request.ClientId.Version is not 4)
            throw Refusals.ToRpc(GatewayRejections.Invalid("clientId is a UUID v4."));
        if (request.DisplayName is { Length: > LongestName })
            throw Refusals.ToRpc(GatewayRejections.Invalid($"displayName has at most {LongestName} characters."));
        if (bridge is not null)
            throw Refusals.ToRpc(GatewayRejections.AlreadyJoined);
        var (place, why) = parts.Door.Knock(Visitor, request.Pin);
        if (place is null)
            throw Refusals.ToRpc(why!);

        Client = request.ClientId;
        if (await parts.Lobby.Enter(this, ct) is { } refused)
            throw Refusals.ToRpc(refused);
        try
        {
            return await Enter(place, request.DisplayName, ct);
        }
        finally
        {
            if (!member)
                parts.Lobby.Remove(this);
        }
    }

    private async Task<JoinAnswer> Enter(MediaPlace place, string? displayName, CancellationToken ct)
    {
        var opened = await AudioBridge.Open(parts.Links, place, Visitor, ct);
        var wasMember = member;
        try
        {
            // From now on, as a status that is told to all may overtake the answer, and an answer that is lost may have let us in.
            member = true;
            var status = await parts.Users.Join(new JoinRoom(Visitor.Room, Visitor.User, Visitor.Role, 0, displayName), ct);
            Use(opened);
            Tell(status);
        }
        catch (Exception failure)
        {
            if (failure is RpcException refused && Refusals.Of(refused) is { Kind: not RejectionKind.Unavailable })
                member = wasMember;
            await opened.Close();
            throw;
        }
        Look(parts.Rooms.Find(Visitor.Room));
        return new JoinAnswer(parts.Tokens.Seal(opened.Session, opened.Handle, place.Nonce), Resume: false);
    }

    private async Task<object?> Leave()
    {
        await LeaveRoom("left");
        Close(CloseCodes.Normal, "left");
        return null;
    }

    private void Use(AudioBridge opened)
    {
        opened.OnCandidate = candidate => peer.Notify("candidate", FromJanus(candidate));
        opened.OnTalking = (user, talking) => peer.Notify("talking", new TalkingNotice(user, talking));
        bridge = opened;
        _ = opened.Ended.ContinueWith(_ => LoseMedia(opened, "janus_lost"), TaskScheduler.Default);
    }

    private async Task<SdpMessage> Offer(SessionDescription offer, CancellationToken ct) => offer.Type is "offer"
        ? new SdpMessage(new SessionDescription("answer", await Media().Offer(offer.Sdp, ct)))
        : throw Refusals.ToRpc(GatewayRejections.BadOffer);

    private async Task Report(string status, CancellationToken ct)
    {
        if (status is not ("onair" or "idle"))
            throw Refusals.ToRpc(GatewayRejections.Invalid("status is onair or idle."));
        if (!member)
            throw Refusals.ToRpc(GatewayRejections.NotJoined);
        await parts.Users.Report(new ReportStatus(Visitor.Room, Visitor.User, Visitor.Role, 0, status), ct);
    }

    private AudioBridge Media() => bridge ?? throw Refusals.ToRpc(GatewayRejections.NotJoined);

    /// <summary>Once for each session: the client renegotiates by joining again.</summary>
    private void LoseMedia(AudioBridge lost, string reason)
    {
        if (Interlocked.CompareExchange(ref bridge, null, lost) != lost)
            return;
        _ = lost.Close();
        peer.Notify("mediaMoved", new ReasonNotice(reason));
    }

    private async Task LeaveRoom(string reason)
    {
        if (Interlocked.Exchange(ref bridge, null) is { } held)
            await held.Close();
        if (!Interlocked.Exchange(ref member, false))
            return;
        try
        {
            await parts.Users.Leave(new LeaveRoom(Visitor.Room, Visitor.User, 0, reason), CancellationToken.None);
        }
        catch (Exception failure) when (parts.IsPassing(failure))
        {
            parts.Log.LogWarning("{User} left {Room}, and nobody could be told; its presence lapses by itself: {Reason}", Visitor.User, Visitor.Room, failure.Message);
        }
    }

    private static JsonNode ToJanus(CandidateMessage message) => message switch
    {
        { Candidate: { Candidate: not "" } candidate, Completed: not true } => JsonSerializer.SerializeToNode(candidate, DomainJson.Options)!,
        // A browser may also write the end of its candidates as an empty one.
        { Candidate: { } } or { Completed: true } => new JsonObject { ["completed"] = true },
        _ => throw Refusals.ToRpc(GatewayRejections.Invalid("candidate, or completed: true.")),
    };

    private static CandidateMessage FromJanus(JsonElement candidate) => candidate.TryGetProperty("completed", out _)
        ? new CandidateMessage(Completed: true)
        : new CandidateMessage(candidate.Deserialize<IceCandidate>(DomainJson.Options));
}
