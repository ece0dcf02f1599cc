using System.Security.Cryptography;
using System.Text;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Gateway.Rooms;

/// <summary>Who may enter a room now, by what the views say, and by the log where they say nothing.</summary>
public sealed class RoomDoor(RoomDirectory rooms, [FromKeyedServices(RoomDoor.Januses)] ModuleDirectory januses, RoomsClient log)
{
    /// <summary>The key of the Januses' directory among the services.</summary>
    public const string Januses = "janus";

    /// <returns>Where the media is, or why not.</returns>
    /// <exception cref="TimeoutException">The room has no views, and nobody answers what the log says of it.</exception>
    public async Task<(MediaPlace? Place, Rejection? Why)> Knock(Visitor visitor, string? pin, CancellationToken ct)
    {
        if (!rooms.Synced)
            return (null, GatewayRejections.NotReady);
        var views = rooms.Find(visitor.Room);
        var answer = Judge(views, views.Live is { } live ? januses.Find(live.JanusId) : null, visitor.Role, pin);
        return answer.Why == RoomRejections.NotFound && (await log.Find(visitor.Room, ct)).Exists ? (null, GatewayRejections.NotReady) : answer;
    }

    /// <param name="janus">The heartbeat of the room's Janus; null when it is silent.</param>
    public static (MediaPlace? Place, Rejection? Why) Judge(RoomViews views, Heartbeat? janus, Role role, string? pin) => views switch
    {
        { Meta: null } => (null, RoomRejections.NotFound),
        { Meta: { } meta } when role is not Role.Host && !IsPin(meta, pin) => (null, GatewayRejections.WrongPin),
        { Live.Status: LiveStatus.Removing } => (null, RoomRejections.Removing),
        { Meta: { } meta, Live: { } live, Janus: { } view } when view.Id == live.JanusId && Uri.TryCreate(janus?.WsUrl, UriKind.Absolute, out var address) =>
            (new MediaPlace(view.Id, address, view.JanusRoomId, meta.Pin, live.Nonce), null),
        _ => (null, GatewayRejections.NotReady),
    };

    /// <summary>The time it takes tells nothing about the pin.</summary>
    private static bool IsPin(RoomMeta meta, string? pin) =>
        pin is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pin), Encoding.UTF8.GetBytes(meta.Pin));
}
