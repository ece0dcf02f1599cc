using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Rooms;
using EventRtc.Projections;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// The media of one connection: which Janus session it has, and what is said between it and the browser. When the media is lost the browser is told once, and when it is still
/// without any once the room's media is ready (again), it is told again: it need not find out by trying.
/// </summary>
/// <param name="notify">Tells the browser: a method and its parameters.</param>
public sealed class ConnectionMedia(ConnectionParts parts, Visitor visitor, Action<string, object> notify)
{
    private readonly Lock gate = new();
    private AudioBridge? bridge;

    /// <summary>The session on the Janus that the room has left: heard until the browser has gone over.</summary>
    private AudioBridge? leaving;

    /// <summary>Where the browser last was, is on its way to, or was told to go; null before its first join.</summary>
    private (ModuleId Janus, long Room)? last;

    /// <summary>Ends the way that the browser is on.</summary>
    private CancellationTokenSource? entering;

    /// <summary>Gets a Janus session: the one that <paramref name="jtoken"/> claims, or a new one. What the visitor had here before is ended, unless it is the one claimed.</summary>
    /// <returns>Whether its peer connection goes on.</returns>
    /// <exception cref="JanusException">Janus is away, or refuses.</exception>
    /// <exception cref="JsonRpc.RpcException">The media moved meanwhile.</exception>
    public async Task<JoinAnswer> Enter(MediaPlace place, string? jtoken, CancellationToken ct)
    {
        using var moved = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var earlier = SetOut(place, moved);
        parts.Watch.Look(visitor.Room); // it may have moved since the visitor was told the way
        try
        {
            return await Enter(place, jtoken, earlier, moved.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Refusals.ToRpc(GatewayRejections.NotReady);
        }
        finally
        {
            Arrive();
        }
    }

    public async Task<SdpMessage> Offer(SessionDescription offer, CancellationToken ct) => offer.Type is "offer"
        ? new SdpMessage(new SessionDescription("answer", await Now().Offer(offer.Sdp, ct)))
        : throw Refusals.ToRpc(GatewayRejections.BadOffer);

    public Task Trickle(CandidateMessage message, CancellationToken ct) => Now().Trickle(ToJanus(message), ct);

    /// <summary>The visitor's own microphone, in the mix.</summary>
    public Task Mute(bool muted, CancellationToken ct) => Now().Mute(muted, ct);

    /// <summary>Another's microphone, in the mix.</summary>
    public Task Mute(UserId user, bool muted, CancellationToken ct) => Now().Mute(user, muted, ct);

    /// <summary>The media may have moved, or be back.</summary>
    /// <param name="ready">The Janus shows signs of life, so that a join there may succeed.</param>
    public void Look(JanusView now, bool ready)
    {
        string reason;
        lock (gate)
        {
            if (last is not { } place || place == (now.Id, now.JanusRoomId))
                return;
            if (bridge is null && !ready)
                return;
            reason = bridge is null ? "ready" : now.Id == place.Janus ? "janus_restarted" : "moved";
            last = (now.Id, now.JanusRoomId);
            _ = entering?.CancelAsync();
            if (Interlocked.Exchange(ref bridge, null) is { } lost)
                Leave(lost, stays: reason is "moved");
        }
        notify("mediaMoved", new ReasonNotice(reason));
    }

    /// <summary>The room's Janus was away and is back.</summary>
    public void LookAgain(JanusView now)
    {
        lock (gate)
        {
            if (last is not null && bridge is null)
                last = default((ModuleId, long));
        }
        Look(now, ready: true);
    }

    /// <summary>Whoever takes it says what becomes of it.</summary>
    public AudioBridge? Take()
    {
        lock (gate)
        {
            Leave(Interlocked.Exchange(ref leaving, null), stays: false);
            return Interlocked.Exchange(ref bridge, null);
        }
    }

    private AudioBridge Now() => Volatile.Read(ref bridge) ?? throw Refusals.ToRpc(GatewayRejections.NotJoined);

    /// <returns>What the visitor has here already.</returns>
    private IReadOnlyList<AudioBridge> SetOut(MediaPlace place, CancellationTokenSource moved)
    {
        lock (gate)
        {
            (last, entering) = ((place.Janus, place.JanusRoom), moved);
            // Back where it came from, it may claim what it was about to leave.
            var back = leaving?.Place.Janus == place.Janus ? Interlocked.Exchange(ref leaving, null) : null;
            return [.. new[] { Interlocked.Exchange(ref bridge, null), back, parts.Parked.Take(visitor) }.OfType<AudioBridge>()];
        }
    }

    private void Arrive()
    {
        lock (gate)
            entering = null;
    }

    private async Task<JoinAnswer> Enter(MediaPlace place, string? jtoken, IReadOnlyList<AudioBridge> earlier, CancellationToken ct)
    {
        var claim = parts.Tokens.Open(jtoken, place.Nonce, visitor.User);
        foreach (var one in earlier)
            await GiveUp(one, place, claim?.Session, ct);
        var resumed = claim is { } session ? await AudioBridge.Resume(parts.Links, place, visitor, session, ct) : null;
        var opened = resumed ?? await AudioBridge.Open(parts.Links, place, visitor, ct);
        Use(opened);
        return new JoinAnswer(parts.Tokens.Seal(opened.Session, opened.Handle, place.Nonce, visitor.User), Resume: resumed is not null);
    }

    /// <summary>It is gone before the visitor enters again, but nothing waits for a Janus that the room has left.</summary>
    private static Task GiveUp(AudioBridge earlier, MediaPlace place, long? claimed, CancellationToken ct)
    {
        if (earlier.Session == claimed)
        {
            earlier.LetGo();
            return Task.CompletedTask;
        }
        var closed = earlier.Close();
        return earlier.Place.Janus == place.Janus ? closed.WaitAsync(ct) : Task.CompletedTask;
    }

    private void Use(AudioBridge opened)
    {
        opened.OnCandidate = candidate => notify("candidate", FromJanus(candidate));
        opened.OnTalking = (user, talking) => notify("talking", new TalkingNotice(user, talking));
        opened.OnMuted = muted => notify("muted", new MutedNotice(muted));
        lock (gate)
        {
            bridge = opened;
            Leave(Interlocked.Exchange(ref leaving, null), stays: false);
        }
        _ = opened.Ended.ContinueWith(_ => Lose(opened), TaskScheduler.Default);
    }

    /// <summary>The Janus is gone, or has dropped the session: the browser joins again.</summary>
    private void Lose(AudioBridge lost)
    {
        if (Interlocked.CompareExchange(ref bridge, null, lost) == lost)
            notify("mediaMoved", new ReasonNotice("janus_lost"));
    }

    /// <param name="stays">Until <see cref="Use">there is another one</see>.</param>
    private void Leave(AudioBridge? left, bool stays)
    {
        if (stays)
            leaving = left;
        else
            _ = left?.Close();
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
