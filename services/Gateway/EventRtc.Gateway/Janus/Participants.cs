using System.Collections.Concurrent;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.Gateway.Janus;

/// <summary>Who is who in an AudioBridge room: participants are numbers there, and users by their display names. Those of others (a test tone) are no users.</summary>
/// <param name="self">The visitor whose handle hears of the others.</param>
internal sealed class Participants(UserId self)
{
    private readonly ConcurrentDictionary<long, UserId> users = new();
    private long own;
    private volatile bool muted;

    /// <summary>Whether the visitor's own microphone is closed in the mix.</summary>
    public bool IsMuted { get => muted; set => muted = value; }

    public UserId? Find(long id) => users.TryGetValue(id, out var user) ? user : null;

    /// <summary>Learns from what the AudioBridge says: answers, lists and events.</summary>
    public void Meet(JsonElement bridge)
    {
        if (bridge.TryGetProperty("id", out var id) && bridge.GetProperty("audiobridge").ValueEquals("joined"))
            users[own = id.GetInt64()] = self;
        foreach (var one in In(bridge))
        {
            if (one.User is { } user)
                users[one.Id] = user;
            if (one.Id == own && one.IsMuted is { } now)
                muted = now;
        }
    }

    /// <summary>The visitor is this participant, from an earlier connection.</summary>
    public void Self(Participant participant)
    {
        own = participant.Id;
        muted = participant.IsMuted ?? false;
    }

    public static IEnumerable<Participant> Of(UserId user, JsonElement bridge) => In(bridge).Where(one => one.User == user);

    private static IEnumerable<Participant> In(JsonElement bridge) => bridge.TryGetProperty("participants", out var participants)
        ? participants.EnumerateArray().Select(one => new Participant(
            one.GetProperty("id").GetInt64(),
            one.TryGetProperty("display", out var display) && UserId.TryParse(display.GetString(), out var user) ? user : null,
            one.TryGetProperty("muted", out var muted) ? muted.GetBoolean() : null))
        : [];
}

internal sealed record Participant(long Id, UserId? User, bool? IsMuted);
