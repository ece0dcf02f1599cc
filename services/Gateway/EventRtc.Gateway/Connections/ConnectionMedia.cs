using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Rooms;
using EventRtc.Projections;

namespace EventRtc.Gateway.Connections;

/// <summary>The media of one connection: which Janus session it has, and what is said between it and the browser.</summary>
/// <param name="notify">Tells the browser: a method and its parameters.</param>
public sealed class ConnectionMedia(ConnectionParts parts, Visitor visitor, Action<string, object> notify)
{
    private volatile AudioBridge? bridge;

    /// <summary>Gets a Janus session: the one that <paramref name="jtoken"/> claims, or a new one. What the visitor had here before is ended, unless it is the one claimed.</summary>
    /// <returns>Whether its peer connection goes on.</returns>
    /// <exception cref="JanusException">Janus is away, or refuses.</exception>
    public async Task<JoinAnswer> Enter(MediaPlace place, string? jtoken, CancellationToken ct)
    {
        var claim = parts.Tokens.Open(jtoken, place.Nonce, visitor.User);
        foreach (var earlier in (AudioBridge?[])[Take(), parts.Parked.Take(visitor)])
            await (earlier is null ? Task.CompletedTask : earlier.Session == claim?.Session ? LetGo(earlier) : earlier.Close());
        var resumed = claim is { } session ? await AudioBridge.Resume(parts.Links, place, visitor, session, ct) : null;
        var opened = resumed ?? await AudioBridge.Open(parts.Links, place, visitor, ct);
        Use(opened);
        return new JoinAnswer(parts.Tokens.Seal(opened.Session, opened.Handle, place.Nonce, visitor.User), Resume: resumed is not null);
    }

    public async Task<SdpMessage> Offer(SessionDescription offer, CancellationToken ct) => offer.Type is "offer"
        ? new SdpMessage(new SessionDescription("answer", await Now().Offer(offer.Sdp, ct)))
        : throw Refusals.ToRpc(GatewayRejections.BadOffer);

    public Task Trickle(CandidateMessage message, CancellationToken ct) => Now().Trickle(ToJanus(message), ct);

    /// <summary>The visitor's own microphone, in the mix.</summary>
    public Task Mute(bool muted, CancellationToken ct) => Now().Mute(muted, ct);

    /// <summary>Another's microphone, in the mix.</summary>
    public Task Mute(UserId user, bool muted, CancellationToken ct) => Now().Mute(user, muted, ct);

    /// <summary>The media may have moved.</summary>
    public void Look(JanusView now)
    {
        if (bridge is { } current && (now.Id != current.Place.Janus || now.JanusRoomId != current.Place.JanusRoom))
            Lose(current, now.Id == current.Place.Janus ? "janus_restarted" : "moved");
    }

    /// <summary>Whoever takes it says what becomes of it.</summary>
    public AudioBridge? Take() => Interlocked.Exchange(ref bridge, null);

    private AudioBridge Now() => bridge ?? throw Refusals.ToRpc(GatewayRejections.NotJoined);

    private void Use(AudioBridge opened)
    {
        opened.OnCandidate = candidate => notify("candidate", FromJanus(candidate));
        opened.OnTalking = (user, talking) => notify("talking", new TalkingNotice(user, talking));
        opened.OnMuted = muted => notify("muted", new MutedNotice(muted));
        bridge = opened;
        _ = opened.Ended.ContinueWith(_ => Lose(opened, "janus_lost"), TaskScheduler.Default);
    }

    /// <summary>Once for each session: the browser joins again.</summary>
    private void Lose(AudioBridge lost, string reason)
    {
        if (Interlocked.CompareExchange(ref bridge, null, lost) != lost)
            return;
        _ = lost.Close();
        notify("mediaMoved", new ReasonNotice(reason));
    }

    private static Task LetGo(AudioBridge earlier)
    {
        earlier.LetGo();
        return Task.CompletedTask;
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
