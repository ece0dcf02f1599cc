using System.Text.Json.Serialization;
using EventRtc.Domain;

namespace EventRtc.Contracts;

/// <summary>What a token says of its bearer, as it travels in the token.</summary>
/// <param name="RoomId">The one room it is good for.</param>
/// <param name="IssuedAt">Unix seconds.</param>
/// <param name="ExpiresAt">Unix seconds.</param>
public sealed record Claims(
    [property: JsonPropertyName("userID")] UserId UserId,
    [property: JsonPropertyName("roomID")] RoomId RoomId,
    Role Role,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("exp")] long ExpiresAt);
