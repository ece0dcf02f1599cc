using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Janus;

/// <summary>One visitor's way into an AudioBridge room: from the offer on it is a participant there, named by its user id.</summary>
public sealed class AudioBridge
{
    /// <summary>Candidates that wait for the offer; a browser finds a handful.</summary>
    private const int MostWaiting = 100;

    private readonly JanusSession session;
    private readonly MediaPlace place;
    private readonly Visitor visitor;
    private readonly Participants participants;
    private readonly Lock gate = new();
    private readonly List<JsonNode> waiting = [];
    private readonly TaskCompletionSource hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool answered;
    private volatile bool inRoom;

    private AudioBridge(JanusSession session, MediaPlace place, Visitor visitor)
    {
        (this.session, this.place, this.visitor) = (session, place, visitor);
        participants = new Participants(visitor.User);
        session.OnEvent = Take;
    }

    public MediaPlace Place => place;

    public long Session => session.Id;

    public long Handle => session.Handle;

    /// <summary>It is a participant: there is a peer connection, or is about to be.</summary>
    public bool InRoom => inRoom;

    /// <summary>Completes when there is no way any more: the Janus is gone or has dropped the session.</summary>
    public Task Ended => session.Ended;

    /// <summary>Completes when the peer connection was closed for the first time, by the browser or for its silence.</summary>
    public Task HungUp => hungUp.Task;

    /// <summary>A candidate of Janus's own, as a browser reads it, or <c>{"completed":true}</c>. Called on the link's loop: must not block.</summary>
    public Action<JsonElement> OnCandidate { get; set; } = _ => { };

    /// <summary>Somebody began or ceased to talk. Called on the link's loop: must not block.</summary>
    public Action<UserId, bool> OnTalking { get; set; } = (_, _) => { };

    /// <summary>Somebody else muted the visitor, or lifted that. Called on the link's loop: must not block.</summary>
    public Action<bool> OnMuted { get; set; } = _ => { };

    /// <summary>Makes a session. What an earlier connection of the visitor left in the room is thrown out.</summary>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public static async Task<AudioBridge> Open(JanusLinks links, MediaPlace place, Visitor visitor, CancellationToken ct)
    {
        var bridge = new AudioBridge(await JanusSession.Open(await links.To(place.Address, ct), ct), place, visitor);
        try
        {
            await bridge.ForEach(visitor.User, "kick", ct);
            return bridge;
        }
        catch
        {
            _ = bridge.Close(); // nobody waits for a Janus that may not answer
            throw;
        }
    }

    /// <summary>Takes over the session of an earlier connection, whose peer connection goes on.</summary>
    /// <returns>Null when it is gone, or no participant of the room any more; what was left of it is ended.</returns>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public static async Task<AudioBridge?> Resume(JanusLinks links, MediaPlace place, Visitor visitor, (long Session, long Handle) claim, CancellationToken ct)
    {
        AudioBridge? bridge = null;
        try
        {
            bridge = new AudioBridge(await JanusSession.Claim(await links.To(place.Address, ct), claim.Session, claim.Handle, ct), place, visitor);
            await bridge.Configure(ct); // refused when it is in no room
            var all = await bridge.List(ct);
            if (Participants.Of(visitor.User, all).FirstOrDefault() is { } self)
            {
                bridge.participants.Meet(all);
                bridge.participants.Self(self);
                bridge.answered = bridge.inRoom = true;
                return bridge;
            }
            await bridge.Close();
        }
        catch (JanusRefusedException gone) when (gone.Code is JanusRefusedException.NoSuchSession or JanusRefusedException.NoSuchHandle or JanusRefusedException.NotInRoom)
        {
            if (bridge is not null)
                await bridge.Close();
        }
        return null;
    }

    /// <summary>Enters the room with the browser's offer, or renegotiates when it is there; the answer's SDP.</summary>
    /// <exception cref="JsonRpc.RpcException">The offer is none that Janus can use.</exception>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public async Task<string> Offer(string sdp, CancellationToken ct)
    {
        try
        {
            var jsep = new JsonObject { ["type"] = "offer", ["sdp"] = sdp, ["trickle"] = true };
            var (data, answer) = await session.Tell(inRoom ? new JsonObject { ["request"] = "configure" } : Join(), ct, jsep);
            participants.Meet(data);
            inRoom = true;
            await Release(ct);
            return answer ?? throw new JanusRefusedException(JanusRefusedException.InvalidDescription, "no answer to the offer");
        }
        catch (JanusRefusedException refused) when (refused.Code is JanusRefusedException.UnknownDescription or JanusRefusedException.InvalidDescription)
        {
            throw Refusals.ToRpc(GatewayRejections.BadOffer);
        }
    }

    /// <summary>Takes a candidate of the browser, or <c>{"completed":true}</c>; before the offer's answer Janus could not use it.</summary>
    /// <exception cref="JsonRpc.RpcException">Far too many came before an offer.</exception>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public Task Trickle(JsonNode candidate, CancellationToken ct)
    {
        lock (gate)
        {
            if (!answered)
            {
                if (waiting.Count == MostWaiting)
                    throw Refusals.ToRpc(GatewayRejections.TooManyCandidates);
                waiting.Add(candidate);
                return Task.CompletedTask;
            }
        }
        return session.Trickle(candidate, ct);
    }

    /// <summary>Opens or closes the visitor's own microphone in the mix, or says with which it is to enter.</summary>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public Task Mute(bool muted, CancellationToken ct)
    {
        participants.IsMuted = muted; // before it is done, so that what Janus tells of it is no news
        return inRoom ? Configure(ct, muted) : Task.CompletedTask;
    }

    /// <summary>Opens or closes another's microphone in the mix; nobody's when it is not there.</summary>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public Task Mute(UserId user, bool muted, CancellationToken ct) => ForEach(user, muted ? "mute" : "unmute", ct);

    /// <summary>Leaves the room.</summary>
    public Task Close() => session.Close();

    /// <summary>Leaves the session, and its place in the room, to the connection that claims it.</summary>
    public void LetGo() => session.LetGo();

    /// <summary>Does something to every participant of that user; there are two only while an earlier one is being thrown out.</summary>
    private async Task ForEach(UserId user, string request, CancellationToken ct)
    {
        foreach (var one in Participants.Of(user, await List(ct)))
        {
            try
            {
                await session.Tell(new JsonObject { ["request"] = request, ["room"] = place.JanusRoom, ["id"] = one.Id }, ct);
            }
            catch (JanusRefusedException refused) when (refused.Code is JanusRefusedException.NoSuchParticipant)
            {
                // It has left meanwhile.
            }
        }
    }

    private async Task<JsonElement> List(CancellationToken ct) =>
        (await session.Tell(new JsonObject { ["request"] = "listparticipants", ["room"] = place.JanusRoom }, ct)).Data;

    private async Task Configure(CancellationToken ct, bool? muted = null)
    {
        var request = new JsonObject { ["request"] = "configure" };
        if (muted is { } wanted)
            request["muted"] = wanted;
        await session.Tell(request, ct);
    }

    private async Task Release(CancellationToken ct)
    {
        List<JsonNode> released;
        lock (gate)
        {
            answered = true;
            released = [.. waiting];
            waiting.Clear();
        }
        foreach (var candidate in released)
            await session.Trickle(candidate, ct);
    }

    /// <summary>A guest is muted for good: only this gateway could unmute it.</summary>
    private JsonObject Join() => new()
    {
        ["request"] = "join",
        ["room"] = place.JanusRoom,
        ["pin"] = place.Pin,
        ["display"] = visitor.User.Value,
        ["muted"] = participants.IsMuted |= visitor.Role is Role.Guest,
    };

    private void Take(string kind, JsonElement message)
    {
        switch (kind)
        {
            case "trickle":
                OnCandidate(message.GetProperty("candidate"));
                break;
            case "hangup":
                // The participant left with its peer connection: the next offer enters anew.
                inRoom = false;
                lock (gate)
                    answered = false;
                hungUp.TrySetResult();
                break;
            case "event":
                Hear(message.GetProperty("plugindata").GetProperty("data"));
                break;
        }
    }

    private void Hear(JsonElement bridge)
    {
        var wasMuted = participants.IsMuted;
        participants.Meet(bridge);
        if (participants.IsMuted != wasMuted)
            OnMuted(participants.IsMuted);
        if (bridge.GetProperty("audiobridge").GetString() is "talking" or "stopped-talking" && participants.Find(bridge.GetProperty("id").GetInt64()) is { } user)
            OnTalking(user, bridge.GetProperty("audiobridge").ValueEquals("talking"));
    }
}
