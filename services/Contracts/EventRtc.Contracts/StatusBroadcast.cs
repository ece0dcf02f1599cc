using System.Globalization;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Contracts;

/// <summary>How the users service tells every gateway who is in a room: one entry of the stream <c>rtcus:ws</c> for each change.</summary>
public static class StatusBroadcast
{
    public const string Stream = "rtcus:ws";

    /// <summary>The fields of an entry.</summary>
    public static IReadOnlyList<NameValueEntry> Write(RoomId room, RoomStatus status) =>
    [
        new("room", room.Value),
        new("version", status.Version),
        new("members", JsonSerializer.SerializeToUtf8Bytes(status.Members, DomainJson.Options)),
    ];

    /// <summary>Null when the entry is none of these.</summary>
    public static (RoomId Room, RoomStatus Status)? Read(StreamEntry entry)
    {
        if (!RoomId.TryParse(entry["room"], out var room) || !long.TryParse(entry["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return null;
        try
        {
            ReadOnlyMemory<byte> members = entry["members"];
            return JsonSerializer.Deserialize<RoomMember[]>(members.Span, DomainJson.Options) is { } known ? (room, new RoomStatus(version, known)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
