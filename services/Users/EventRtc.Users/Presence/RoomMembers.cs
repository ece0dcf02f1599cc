using System.Globalization;
using System.Text;
using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Users.Presence;

/// <summary>Who is in which room, in Redis (<c>rtcus:*</c>); each change is broadcast to every gateway. Times are Redis's own, so replicas need not agree.</summary>
public sealed class RoomMembers(RedisClient redis)
{
    private const string RoomsKey = "rtcus:rooms";

    /// <summary>A gateway that was away longer starts from what it is told at the next join.</summary>
    private static readonly TimeSpan KeepBroadcasts = TimeSpan.FromMinutes(3);

    private static readonly LuaScript Change = LuaScript.Prepare(Script());

    /// <summary>Puts a member there, and tells every gateway, also when nothing changed: a client that joins again wants to know who is there.</summary>
    /// <param name="displayName">Not empty.</param>
    public async Task<RoomStatus> Put(RoomId room, UserId user, Role role, string status, string displayName, CancellationToken ct) =>
        JsonSerializer.Deserialize<RoomStatus>((await Run("put", room, user, ct, DomainJson.Text(role), status, displayName))!, DomainJson.Options)!;

    /// <summary>Keeps a member there.</summary>
    /// <returns>False when it is not there.</returns>
    public async Task<bool> Renew(RoomId room, UserId user, Role role, string status, CancellationToken ct) =>
        await Run("renew", room, user, ct, DomainJson.Text(role), status) is not null;

    /// <summary>Takes a member out, when it is there.</summary>
    public Task Drop(RoomId room, UserId user, CancellationToken ct) => Run("drop", room, user, ct);

    /// <summary>Every member that has not been renewed for so long.</summary>
    public async Task<IReadOnlyList<(RoomId Room, UserId User)>> NotRenewedFor(TimeSpan silence, CancellationToken ct)
    {
        var now = (long)(await redis.ExecuteAsync(["TIME"], ct))[0];
        var since = now - (long)silence.TotalSeconds;
        var silent = new List<(RoomId, UserId)>();
        foreach (var name in (await redis.HashGetAllAsync(RoomsKey, ct)).Keys)
            if (RoomId.TryParse(name, out var room))
                silent.AddRange((await redis.HashGetAllAsync(KeyOf(room), ct)).Where(field => IsOlder(field, since)).Select(field => (room, new UserId(field.Key[2..]))));
        return silent;
    }

    private async Task<string?> Run(string op, RoomId room, UserId user, CancellationToken ct, string role = "", string status = "", string name = "") =>
        (string?)await redis.ScriptEvaluateAsync(
            Change, [KeyOf(room), RoomsKey, Broadcasts.Stream], [op, room.Value, user.Value, role, status, name, (long)KeepBroadcasts.TotalMilliseconds], ct);

    private static bool IsOlder(KeyValuePair<string, RedisValue> field, long since) =>
        field.Key.StartsWith("s:", StringComparison.Ordinal)
        && ((string?)field.Value)?.Split(',') is [var seconds, ..]
        && long.Parse(seconds, CultureInfo.InvariantCulture) < since;

    private static string KeyOf(RoomId room) => $"rtcus:r:{room}:us";

    private static string Script()
    {
        using var reader = new StreamReader(typeof(RoomMembers).Assembly.GetManifestResourceStream("Presence.lua")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
