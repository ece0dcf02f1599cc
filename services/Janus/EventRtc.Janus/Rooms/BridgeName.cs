namespace EventRtc.Janus.Rooms;

/// <summary>What an AudioBridge room is for: <c>{roomId}/{nonce}</c>, kept as its description, so that a worker that starts anew knows it again.</summary>
/// <param name="Nonce">Of the live session; another one's bridge is not used again.</param>
public sealed record BridgeName(RoomId Room, string Nonce)
{
    /// <returns>Null for a room that is not ours.</returns>
    public static BridgeName? Read(string description) =>
        description.Split('/', 2) is [var id, { Length: > 0 } nonce] && RoomId.TryParse(id, out var room) ? new BridgeName(room, nonce) : null;

    public override string ToString() => $"{Room}/{Nonce}";
}
