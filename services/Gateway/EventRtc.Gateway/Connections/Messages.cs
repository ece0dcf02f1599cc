using EventRtc.Domain;

namespace EventRtc.Gateway.Connections;

/// <summary><c>join</c></summary>
/// <param name="ClientId">UUID v4, the same for every connection of one browser tab.</param>
/// <param name="Pin">Needed unless the token is a host's.</param>
/// <param name="Jtoken">Of an earlier join, to find its Janus session again; without it that session ends.</param>
/// <param name="DisplayName">What the others see; at most 64 characters.</param>
public sealed record JoinRequest(Guid ClientId, string? Pin = null, string? Jtoken = null, string? DisplayName = null)
{
    private const int LongestName = 64;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    internal string? Fault => this switch
    {
        { ClientId.Version: not 4 } => "clientId is a UUID v4.",
        { DisplayName.Length: > LongestName } => $"displayName has at most {LongestName} characters.",
        _ => null,
    };
}

/// <param name="Jtoken">Claims this Janus session at a later join.</param>
/// <param name="Resume">The earlier Janus session is alive: do not renegotiate.</param>
public sealed record JoinAnswer(string Jtoken, bool Resume);

/// <summary><c>offer</c>, and its answer.</summary>
public sealed record SdpMessage(SessionDescription Sdp);

/// <param name="Type"><c>offer</c> or <c>answer</c>.</param>
public sealed record SessionDescription(string Type, string Sdp);

/// <summary><c>icecandidate</c> and <c>candidate</c>: one candidate as a browser writes it, or the end of them.</summary>
public sealed record CandidateMessage(IceCandidate? Candidate = null, bool? Completed = null);

/// <summary>RTCIceCandidateInit.</summary>
public sealed record IceCandidate(string Candidate, string? SdpMid = null, int? SdpMLineIndex = null, string? UsernameFragment = null);

/// <summary><c>keepalive</c> and <c>status</c></summary>
/// <param name="Status"><c>onair</c> or <c>idle</c>.</param>
public sealed record StatusMessage(string Status);

/// <summary><c>mute</c>: in the mix, whatever the browser does.</summary>
/// <param name="UserId">Whom; oneself when absent. Anybody else's is the host's to ask.</param>
public sealed record MuteMessage(bool Muted, UserId? UserId = null);

/// <summary><c>remove</c>: the host's.</summary>
public sealed record RemoveMessage(UserId UserId);

/// <summary>A request without parameters.</summary>
public sealed record Nothing;

/// <summary><c>talking</c></summary>
public sealed record TalkingNotice(UserId UserId, bool Talking);

/// <summary><c>muted</c>: the host has closed the visitor's microphone in the mix, or opened it.</summary>
public sealed record MutedNotice(bool Muted);

/// <summary><c>mediaMoved</c> and <c>roomEnding</c></summary>
public sealed record ReasonNotice(string Reason);
