using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms?limit=&amp;after=: read from the views, so a room may show a few milliseconds late.</summary>
public static class ListRooms
{
    internal const int DefaultLimit = 100;
    internal const int LargestLimit = 1000;

    /// <param name="Next">The <c>after</c> of the next page; absent on the last one.</param>
    public sealed record Page(int Count, IReadOnlyList<RoomAnswer> Rooms, RoomId? Next)
    {
        public bool Success { get; } = true;
    }

    public static IResult Handle(string? limit, string? after, RoomDirectory directory, HlsOptions hls)
    {
        var size = limit is null ? DefaultLimit : int.TryParse(limit, out var wanted) ? wanted : 0;
        if (size is < 1 or > LargestLimit)
            return ApiErrors.Invalid([$"limit: must be a whole number from 1 to {LargestLimit}"]);
        directory.RequireSynced();

        var rooms = directory.All()
            .Where(room => room.Value.Meta is not null && (after is null || string.CompareOrdinal(room.Key.Value, after) > 0))
            .OrderBy(room => room.Key.Value, StringComparer.Ordinal)
            .Take(size + 1)
            .Select(room => RoomAnswer.Of(room.Key, room.Value.Meta!, room.Value, hls))
            .ToList();
        var page = rooms.Take(size).ToList();
        return Results.Ok(new Page(page.Count, page, rooms.Count > size ? page[^1].RoomId : null));
    }
}
