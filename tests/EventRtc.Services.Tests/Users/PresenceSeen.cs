using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Local.Servers;
using EventRtc.Streams;

namespace EventRtc.Services.Tests.Users;

/// <summary>Presence as Redis, gateways and the rooms service see it.</summary>
internal static class PresenceSeen
{
    /// <summary>What every gateway was told of who is in a room, oldest first.</summary>
    public static async Task<IReadOnlyList<RoomStatus>> Broadcasts(this ControlPlane plane, RoomId room) => Read<RoomStatus>(await plane.Told(room), EventRtc.Contracts.Clients.Broadcasts.Status);

    /// <summary>Which connections of a room every gateway was told to close, oldest first.</summary>
    public static async Task<IReadOnlyList<Eviction>> Evictions(this ControlPlane plane, RoomId room) => Read<Eviction>(await plane.Told(room), EventRtc.Contracts.Clients.Broadcasts.Evict);

    public static async Task<bool> IsShown(this ControlPlane plane, RoomId room, UserId user) => !(await plane.Redis.HashGetAsync($"rtcus:r:{room}:us", $"m:{user}")).IsNull;

    /// <summary>What the room's log says of a user: admitted, joined or left; null when it is not admitted.</summary>
    public static async Task<string?> Recorded(this ControlPlane plane, RoomId room, UserId user) =>
        (await plane.Rooms.Get($"/api/rooms/{room}/state")).Body.GetProperty("state").GetProperty("anchors").TryGetProperty(user.Value, out var anchor) ? anchor.Text("presence") : null;

    /// <summary>
    /// A users process, not started yet, that looks after presence beside the one of the deployment, which is its controller: under a key of its own, and with less
    /// patience for those who are silent.
    /// </summary>
    /// <param name="answerWithin">Less than that: the patience with the rooms service.</param>
    public static ServiceProcess ControllerOfItsOwn(this ControlPlane plane, string expireAfter = "1s", string answerWithin = "900ms", string? key = null) => plane.Replica(
        plane.Deployment.Users,
        ("ETCD_PREFIX_ROOM_STORE", $"/{key ?? Guid.NewGuid().ToString("N")}/"), ("PRESENCE_EXPIRE_AFTER", expireAfter), ("PRESENCE_SWEEP_EVERY", "50ms"), ("RPC_CLIENT_TIMEOUT", answerWithin));

    private static async Task<IReadOnlyList<StreamEntry>> Told(this ControlPlane plane, RoomId room) =>
        [.. (await plane.Redis.StreamRangeAsync(EventRtc.Contracts.Clients.Broadcasts.Stream)).Where(entry => entry[EventRtc.Contracts.Clients.Broadcasts.Room].ToString() == room.Value)];

    private static IReadOnlyList<T> Read<T>(IEnumerable<StreamEntry> entries, string field) =>
        [.. entries.Where(entry => !entry[field].IsNull).Select(entry => JsonSerializer.Deserialize<T>(entry[field].ToString(), DomainJson.Options)!)];
}
