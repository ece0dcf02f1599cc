using EventRtc.Local;

namespace EventRtc.Benchmarks.Faults;

/// <summary>FLUSHALL: until the streams hold again what they held, and both anchors have their lock and are present.</summary>
internal static class RedisFlushed
{
    public static Fault Fault { get; } = new(
        "redis_flushed",
        [
            new("redis_flushed_back", "s", Bar.Under(15, "s")), new("redis_flushed_streams_back", "s"),
            new("redis_flushed_anchors", "ms", Quiet.Beside, Quiet.Anchors), new("redis_flushed_listeners", "ms", Quiet.Beside, Quiet.Listeners),
        ],
        Once);

    private static async Task<double[]> Once(FaultStage stage, CancellationToken ct)
    {
        await using var observed = await Observation.Begin(stage);
        string[] users = [await stage.Ada.UserId(stage.Room), await stage.Grace.UserId(stage.Room)];
        var streams = await Streams(stage, ct);
        var flushed = TimeProvider.System.GetUtcNow();
        await stage.Redis.ExecuteAsync(["FLUSHALL"], ct);
        await Eventually.True(async () => await HoldAll(stage, streams, ct), FaultStage.Patience, "the streams are filled again");
        var refilled = TimeProvider.System.GetUtcNow() - flushed;
        await Eventually.True(async () => (await Task.WhenAll(users.Select(user => IsThere(stage, user, ct)))).All(there => there), FaultStage.Patience, "locks and presence are back");
        var back = TimeProvider.System.GetUtcNow() - flushed;
        await observed.End();
        return [back.TotalSeconds, refilled.TotalSeconds, observed.AnchorsSilence, await observed.ListenersSilence()];
    }

    /// <summary>Each with its length and its last id.</summary>
    private static async Task<IReadOnlyList<(string Key, long Length, long Last)>> Streams(FaultStage stage, CancellationToken ct)
    {
        var streams = new List<(string, long, long)>();
        for (var p = 0; await stage.Redis.StreamInfoAsync($"rooms:events:{p}", ct) is { } info; p++)
            streams.Add(($"rooms:events:{p}", await stage.Redis.StreamLengthAsync($"rooms:events:{p}", ct), long.Parse(info.LastGeneratedId.Split('-')[0])));
        return streams;
    }

    private static async Task<bool> HoldAll(FaultStage stage, IReadOnlyList<(string Key, long Length, long Last)> before, CancellationToken ct) =>
        await Streams(stage, ct) is var now && before.All(stream => now.Any(same => same.Key == stream.Key && same.Length >= stream.Length && same.Last >= stream.Last));

    private static async Task<bool> IsThere(FaultStage stage, string user, CancellationToken ct) =>
        (string?)await stage.Redis.StringGetAsync($"rtcus:c:{stage.Room}:{user}", ct) is not null
        && (string?)await stage.Redis.HashGetAsync($"rtcus:r:{stage.Room}:us", $"m:{user}", ct) is not null;
}
