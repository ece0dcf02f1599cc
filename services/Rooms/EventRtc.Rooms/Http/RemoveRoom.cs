using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms.Http;

/// <summary>DELETE /api/rooms/{id}: the modules let go of the room by themselves.</summary>
public static class RemoveRoom
{
    public sealed record Answer(string Message)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, TimeProvider clock, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        var remove = new RoomCommand.RemoveRoom(room, "requested", clock.GetUtcNow());
        return await rooms.Handle(remove, state => Caller.Refuse(state, http), Caller.Of(http), ct) is Handled<RoomState>.Refused refused
            ? Refusals.ToHttp(refused.Why)
            : Results.Ok(new Answer("The room is being removed."));
    }
}
