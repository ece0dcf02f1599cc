using System.Net.Http.Json;
using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Benchmarks.Faults;

/// <summary>The module that has the room is drained, until it reads drained: the longest time that somebody hears nothing or misses.</summary>
internal static class Drains
{
    private static readonly Bar Brief = Bar.Under(2000, "ms");

    public static Fault Janus { get; } = new(
        "janus_drained",
        [new("janus_drained_anchors", "ms", Brief), new("janus_drained_listeners", "ms", Brief), new("janus_drained_after", "s")],
        async (stage, ct) => await Drain(stage, await stage.Janus(), ct));

    public static Fault Mixer { get; } = new(
        "mixer_drained",
        [new("mixer_drained_anchors", "ms", Brief), new("mixer_drained_listeners", "ms", Brief), new("mixer_drained_after", "s")],
        async (stage, ct) => await Drain(stage, await stage.Mixer(), ct));

    private static async Task<double[]> Drain(FaultStage stage, Server module, CancellationToken ct)
    {
        await using var observed = await Observation.Begin(stage);
        using var http = new HttpClient { BaseAddress = stage.At.Web };
        var (mark, key) = ($"/api/modules/{FaultStage.KindOf(module)}/{FaultStage.IdOf(module)}/mark", FaultStage.HeartbeatOf(module).Replace("heartbeat", "mark", StringComparison.Ordinal));
        var began = TimeProvider.System.GetUtcNow();
        try
        {
            using var draining = await http.PutAsJsonAsync(mark, new { label = "draining", ttl = 0 }, ct);
            draining.EnsureSuccessStatusCode();
            await Eventually.True(async () => await Label(stage, key, ct) is { } label && label.Contains("drained", StringComparison.Ordinal), FaultStage.Patience, $"{module.Name} is drained");
            var drained = TimeProvider.System.GetUtcNow() - began;
            await observed.End();
            return [observed.AnchorsSilence, await observed.ListenersSilence(), drained.TotalSeconds];
        }
        finally
        {
            using var ready = await http.DeleteAsync(new Uri(mark, UriKind.Relative), ct);
            await Eventually.True(async () => await Label(stage, key, ct) is null, FaultStage.Patience, $"{module.Name} is ready again");
        }
    }

    private static async Task<string?> Label(FaultStage stage, string key, CancellationToken ct) =>
        await stage.Etcd.Get(key, ct) is { } mark ? System.Text.Encoding.UTF8.GetString(mark.Value.Span) : null;
}
