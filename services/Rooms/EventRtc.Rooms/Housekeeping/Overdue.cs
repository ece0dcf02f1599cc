using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>Which rooms have had their time.</summary>
public static class Overdue
{
    /// <returns>What ends the room; null when nothing is due.</returns>
    public static RoomCommand? Find(RoomId room, RoomViews views, HousekeepingOptions after, DateTimeOffset now) => views switch
    {
        { Live: { Status: LiveStatus.Removing, DiscardAt: { } discardAt } } when now >= discardAt => new RoomCommand.DiscardRoom(room, now),
        { Live: { Status: LiveStatus.OnAir } live } when now - live.CreatedAt >= after.OverAge => new RoomCommand.RemoveRoom(room, "over_age", now),
        { Live: null, Meta: { } meta } when now - meta.CreatedAt >= after.NeverStarted => new RoomCommand.RemoveRoom(room, "never_started", now),
        _ => null,
    };
}
