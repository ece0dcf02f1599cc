namespace EventRtc.Projections;

/// <summary>The streams of the log by their names. Other programs may write into the same tables: what is none of these is foreign.</summary>
public static class StreamNames
{
    private const string Room = "room-";
    private const string Audit = "audit-";

    /// <summary>Families that have no views.</summary>
    private static readonly string[] Others = ["janus-", "mixer-", Audit];

    public static string Of(RoomId room) => Room + room;

    /// <summary>Null for a stream that is not a room's.</summary>
    public static RoomId? RoomOf(string stream) =>
        stream.StartsWith(Room, StringComparison.Ordinal) && RoomId.TryParse(stream[Room.Length..], out var room) ? room : null;

    public static bool IsAudit(string stream) => stream.StartsWith(Audit, StringComparison.Ordinal);

    /// <returns>False for a stream of no family of ours.</returns>
    public static bool IsKnown(string stream) => RoomOf(stream) is not null || Array.Exists(Others, family => stream.StartsWith(family, StringComparison.Ordinal));
}
