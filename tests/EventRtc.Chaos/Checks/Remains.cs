using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Chaos.Checks;

/// <summary>What must be gone some time after the last visitor has: locks and presence after 35 s, Janus sessions when Janus and the gateways have given up waiting for them.</summary>
internal static class Remains
{
    private static readonly TimeSpan Presence = TimeSpan.FromSeconds(35);

    /// <summary>A minute in which they could be claimed, and what Janus takes to look.</summary>
    private static readonly TimeSpan Sessions = TimeSpan.FromSeconds(80);

    /// <param name="rooms">All that anybody was in.</param>
    public static async Task Check(Deployment deployment, Record record, IReadOnlyList<string> rooms, CancellationToken ct)
    {
        await using var redis = new RedisClient(new RedisOptions { Address = deployment.Redis.Address }, NullLogger<RedisClient>.Instance);
        using var http = new HttpClient();
        await Task.WhenAll(
            Gone(record, "lock", Presence, async () => await Keys(redis, "rtcus:c:*", ct)),
            Gone(record, "member in presence", Presence, async () => [.. await Task.WhenAll(rooms.Select(room => Members(redis, room, ct)))]),
            Gone(record, "user whom the log has in a room", Presence + TimeSpan.FromSeconds(5), async () => [.. await Task.WhenAll(rooms.Select(room => Joined(http, deployment, room, ct)))]),
            Gone(record, "Janus session", Sessions, async () => [.. (await Task.WhenAll(deployment.Januses.Select(janus => JanusSessions(http, janus, ct)))).SelectMany(sessions => sessions)]));
        if (await Keys(redis, "rtcus:s:*", ct) is { Length: var alive } && alive != deployment.Gateways.Count)
            record.Violation($"{alive} gateways show signs of life instead of {deployment.Gateways.Count}");
    }

    private static async Task Gone(Record record, string what, TimeSpan within, Func<Task<string[]>> find)
    {
        var started = TimeProvider.System.GetTimestamp();
        string[] left;
        do
        {
            left = [.. (await find()).Where(one => one.Length > 0)];
            if (left.Length == 0)
                return;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (TimeProvider.System.GetElapsedTime(started) < within);
        foreach (var one in left)
            record.Violation($"After {within.TotalSeconds:0} s there is a {what}: {one}");
    }

    private static async Task<string[]> Keys(RedisClient redis, string pattern, CancellationToken ct) => Texts(await redis.ExecuteAsync(["KEYS", pattern], ct));

    private static string[] Texts(RedisResult list) => [.. Enumerable.Range(0, list.Length).Select(i => (string)list[i]!)];

    private static async Task<string> Members(RedisClient redis, string room, CancellationToken ct) =>
        string.Join(' ', (await redis.HashGetAllAsync($"rtcus:r:{room}:us", ct)).Keys.Where(field => field.StartsWith("m:", StringComparison.Ordinal)).Select(field => $"{room}/{field}"));

    /// <summary>Users whose last event is that they joined; a room that is deleted has none.</summary>
    private static async Task<string> Joined(HttpClient http, Deployment deployment, string room, CancellationToken ct)
    {
        var history = await http.GetFromJsonAsync<JsonElement>(new Uri(deployment.Rooms.Url, $"/api/rooms/{room}/history"), ct);
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var happened in history.GetProperty("events").EnumerateArray())
            if (happened.GetProperty("type").GetString() is "room_deleted")
                last.Clear();
            else if (happened.GetProperty("type").GetString() is "anchor_joined" or "anchor_left")
                last[happened.GetProperty("data").GetProperty("user").GetString()!] = happened.GetProperty("type").GetString()!;
        return string.Join(' ', last.Where(user => user.Value is "anchor_joined").Select(user => $"{room}/{user.Key}"));
    }

    private static async Task<string[]> JanusSessions(HttpClient http, JanusServer janus, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync(
            janus.AdminUrl, new { janus = "list_sessions", transaction = "chaos", admin_secret = janus.AdminSecret }, ct);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("sessions").EnumerateArray().Select(session => $"{session}")];
    }
}
