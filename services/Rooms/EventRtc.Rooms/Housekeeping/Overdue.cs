using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>Which rooms have had their time.</summary>
public static class Overdue
{
    /// <summary>The views that were looked at are behind the log.</summary>
    public static readonly Rejection NotOver = new(RejectionKind.Conflict, "not_overdue", "The room's time is not over.");

    private const string OverAge = "over_age", NeverStarted = "never_started";

    /// <summary>By the views, which may be behind the log or gone: <see cref="Still"/> is asked before anything ends.</summary>
    /// <returns>What ends the room; null when nothing is due.</returns>
    public static RoomCommand? Find(RoomId room, RoomViews views, HousekeepingOptions after, DateTimeOffset now) => views switch
    {
        { Live: { Status: LiveStatus.Removing, DiscardAt: { } discardAt } } when now >= discardAt => new RoomCommand.DiscardRoom(room, now),
        { Live: { Status: LiveStatus.OnAir } live } when now - live.CreatedAt >= after.OverAge => new RoomCommand.RemoveRoom(room, OverAge, now),
        { Live: null, Meta: { } meta } when now - meta.CreatedAt >= after.NeverStarted => new RoomCommand.RemoveRoom(room, NeverStarted, now),
        _ => null,
    };

    /// <summary>Whether the log agrees.</summary>
    /// <returns>Why the room is not to end; null when it is.</returns>
    public static Rejection? Still(RoomCommand due, RoomState state, HousekeepingOptions after) => (due, state) switch
    {
        (RoomCommand.RemoveRoom { Reason: NeverStarted }, RoomState.Created room) when due.At - room.CreatedAt >= after.NeverStarted => null,
        (RoomCommand.RemoveRoom { Reason: OverAge }, RoomState.OnAir room) when due.At - room.Live.StartedAt >= after.OverAge => null,
        (RoomCommand.DiscardRoom, RoomState.Removing room) when due.At >= room.DiscardAt => null,
        _ => NotOver,
    };
}
