using System.Text.Json.Serialization;
using EventRtc.Domain;

namespace EventRtc.Contracts;

/// <summary>Who is in a room.</summary>
/// <param name="Version">Grows with every change, so that whoever gets two keeps the higher.</param>
public sealed record RoomStatus(long Version, IReadOnlyList<RoomMember> Members);

/// <param name="DisplayName">What the member calls itself; absent when it gave no name.</param>
public sealed record RoomMember(UserId UserId, Role Role, MemberStatus Status, string? DisplayName = null);

/// <summary>What a member does.</summary>
[JsonConverter(typeof(MemberStatusJsonConverter))]
public enum MemberStatus
{
    /// <summary>Connected, and silent.</summary>
    [JsonStringEnumMemberName("idle")] Idle,

    /// <summary>Its microphone is open.</summary>
    [JsonStringEnumMemberName("onair")] OnAir,
}

/// <summary>Numbers are refused: any of them would pass for a status.</summary>
public sealed class MemberStatusJsonConverter() : JsonStringEnumConverter<MemberStatus>(namingPolicy: null, allowIntegerValues: false);
