using System.Globalization;
using System.Text;
using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Users.Presence;

/// <summary>Who is in which room, in Redis (<c>rtcus:*</c>); each change is broadcast to every gateway.</summary>
public sealed class RoomMembers(RedisClient redis, TimeProvider clock)
{
    private const string RoomsKey = "rtcus:rooms";

    /// <summary>A gateway that was away longer starts from what it is told at the next join.</summary>
    private static readonly TimeSpan KeepBroadcasts = TimeSpan.FromMinutes(3);

    private static readonly LuaScript Change = LuaScript.Prepare(Script());

    /// <summary>Puts a member there, or renews it.</summary>
    /// <returns>The room's status; null when nothing changed but the member's time.</returns>
    public Task<RoomStatus?> Put(RoomId room, UserId user, Role role, string status, string? displayName, CancellationToken ct) =>
        Run("put", room, user, DomainJson.Text(role), status, displayName ?? "", ct);

    /// <returns>The room's status; null when the member was not there.</returns>
    public Task<RoomStatus?> Drop(RoomId room, UserId user, CancellationToken ct) => Run("drop", room, user, "", "", "", ct);

    /// <summary>Every member that has not been renewed since.</summary>
    public async Task<IReadOnlyList<(RoomId Room, UserId User)>> NotRenewedSince(DateTimeOffset since, CancellationToken ct)
    {
        var silent = new List<(RoomId, UserId)>();
        foreach (var name in (await redis.HashGetAllAsync(RoomsKey, ct)).Keys)
            if (RoomId.TryParse(name, null, out var room))
                silent.AddRange((await redis.HashGetAllAsync(KeyOf(room), ct)).Where(field => IsOlder(field, since)).Select(field => (room, new UserId(field.Key[2..]))));
        return silent;
    }

    private async Task<RoomStatus?> Run(string op, RoomId room, UserId user, string role, string status, string name, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var answer = await redis.ScriptEvaluateAsync(
            Change, [KeyOf(room), RoomsKey, RoomStatus.Stream],
            [op, room.Value, user.Value, role, status, name, Milliseconds(now), Milliseconds(now - KeepBroadcasts)], ct);
        return (string?)answer is { } json ? JsonSerializer.Deserialize<RoomStatus>(json, DomainJson.Options) : null;
    }

    private static bool IsOlder(KeyValuePair<string, RedisValue> field, DateTimeOffset since) =>
        field.Key.StartsWith("s:", StringComparison.Ordinal)
        && ((string?)field.Value)?.Split(',') is [var seconds, ..]
        && long.Parse(seconds, CultureInfo.InvariantCulture) < since.ToUnixTimeSeconds();

    private static string KeyOf(RoomId room) => $"rtcus:r:{room}:us";

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Script()
    {
        using var reader = new StreamReader(typeof(RoomMembers).Assembly.GetManifestResourceStream("Presence.lua")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
