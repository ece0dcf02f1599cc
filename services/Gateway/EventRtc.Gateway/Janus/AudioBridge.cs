using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<long, UserId> users = new();
    private readonly Lock gate = new();
    private readonly List<JsonNode> waiting = [];
    private bool answered;
    private volatile bool inRoom;

    private AudioBridge(JanusSession session, MediaPlace place, Visitor visitor)
    {
        (this.session, this.place, this.visitor) = (session, place, visitor);
        session.OnEvent = Take;
    }

    public MediaPlace Place => place;

    public long Session => session.Id;

    public long Handle => session.Handle;

    /// <summary>Completes when there is no way any more: the Janus is gone or has dropped the session.</summary>
    public Task Ended => session.Ended;

    /// <summary>A candidate of Janus's own, as a browser reads it, or <c>{"completed":true}</c>. Called on the link's loop: must not block.</summary>
    public Action<JsonElement> OnCandidate { get; set; } = _ => { };

    /// <summary>Somebody began or ceased to talk. Called on the link's loop: must not block.</summary>
    public Action<UserId, bool> OnTalking { get; set; } = (_, _) => { };

    /// <inheritdoc cref="JanusLink.Ask"/>
    public static async Task<AudioBridge> Open(JanusLinks links, MediaPlace place, Visitor visitor, CancellationToken ct) =>
        new(await JanusSession.Open(await links.To(place.Address, ct), ct), place, visitor);

    /// <summary>Enters the room with the browser's offer, or renegotiates when it is there; the answer's SDP.</summary>
    /// <exception cref="JsonRpc.RpcException">The offer is none that Janus can use.</exception>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public async Task<string> Offer(string sdp, CancellationToken ct)
    {
        try
        {
            var answer = await session.Tell(inRoom ? Configure() : Join(), new JsonObject { ["type"] = "offer", ["sdp"] = sdp, ["trickle"] = true }, ct);
            var bridge = answer.GetProperty("plugindata").GetProperty("data");
            if (bridge.TryGetProperty("error_code", out var code))
                throw new JanusRefusedException(code.GetInt32(), bridge.GetProperty("error").GetString()!);
            Meet(bridge);
            inRoom = true;
            await Release(ct);
            return answer.GetProperty("jsep").GetProperty("sdp").GetString()!;
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

    /// <summary>Leaves the room.</summary>
    public Task Close() => session.Close();

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
        ["muted"] = visitor.Role is Role.Guest,
    };

    private static JsonObject Configure() => new() { ["request"] = "configure" };

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
                break;
            case "event":
                Hear(message.GetProperty("plugindata").GetProperty("data"));
                break;
        }
    }

    private void Hear(JsonElement bridge)
    {
        Meet(bridge);
        if (bridge.GetProperty("audiobridge").GetString() is "talking" or "stopped-talking" && users.TryGetValue(bridge.GetProperty("id").GetInt64(), out var user))
            OnTalking(user, bridge.GetProperty("audiobridge").ValueEquals("talking"));
    }

    /// <summary>Participants are numbers; who they are stands in their display names. Those of others (a test tone) are no users.</summary>
    private void Meet(JsonElement bridge)
    {
        if (bridge.TryGetProperty("id", out var own) && bridge.GetProperty("audiobridge").ValueEquals("joined"))
            users[own.GetInt64()] = visitor.User;
        if (!bridge.TryGetProperty("participants", out var participants))
            return;
        foreach (var participant in participants.EnumerateArray())
            if (participant.TryGetProperty("display", out var display) && UserId.TryParse(display.GetString(), out var user))
                users[participant.GetProperty("id").GetInt64()] = user;
    }
}
