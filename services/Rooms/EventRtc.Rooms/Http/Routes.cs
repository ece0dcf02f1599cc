namespace EventRtc.Rooms.Http;

public static class Routes
{
    public static void MapRooms(this WebApplication app)
    {
        var rooms = app.MapGroup("/api/rooms");
        rooms.MapPost("/", CreateRoom.Handle);
        rooms.MapGet("/", ListRooms.Handle);
        rooms.MapGet("/{id}", GetRoom.Handle);
        rooms.MapPost("/{id}/start", StartRoom.Handle);
        rooms.MapDelete("/{id}", RemoveRoom.Handle);
        rooms.MapGet("/{id}/history", RoomHistory.Handle);
    }
}
