namespace EventRtc.Projections;

/// <summary>The streams of the log by their names. Other programs may write into the same tables: what is none of these is foreign.</summary>
public static class StreamNames
{
    private const string Room = "room-";
    private const string Audit = "audit-";

    public static string Of(RoomId room) => Room + room;

    public static string Of(ModuleRef module) => $"{module.Kind.Word()}-{module.Id}";

    /// <summary>Null for a stream that is not a room's.</summary>
    public static RoomId? RoomOf(string stream) =>
        stream.StartsWith(Room, StringComparison.Ordinal) && RoomId.TryParse(stream[Room.Length..], out var room) ? room : null;

    /// <summary>Null for a stream that is not a module's.</summary>
    public static ModuleRef? ModuleOf(string stream)
    {
        foreach (var kind in ModuleKinds.All)
            if (stream.StartsWith(kind.Word(), StringComparison.Ordinal) && stream.AsSpan(kind.Word().Length) is ['-', .. var id] && ModuleId.TryParse(id.ToString(), out var module))
                return new ModuleRef(kind, module);
        return null;
    }

    public static bool IsAudit(string stream) => stream.StartsWith(Audit, StringComparison.Ordinal);

    /// <returns>False for a stream of no family of ours.</returns>
    public static bool IsKnown(string stream) => RoomOf(stream) is not null || ModuleOf(stream) is not null || IsAudit(stream);
}
