using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>Every view of every room is deleted in etcd: until all are back as they were, and what became of the room on air meanwhile.</summary>
internal static class EtcdWiped
{
    public static Fault Fault { get; } = new(
        "etcd_wiped",
        [
            new("etcd_wiped_views_back", "s", Bar.Under(5, "s")), new("etcd_wiped_torn_down", "things", Bar.AtMost(0, "things"), WorstCounts: true),
            new("etcd_wiped_anchors", "ms", Quiet.Beside, Quiet.Anchors), new("etcd_wiped_listeners", "ms", Quiet.Beside, Quiet.Listeners),
        ],
        Once);

    private static async Task<double[]> Once(FaultStage stage, CancellationToken ct)
    {
        await using var observed = await Observation.Begin(stage);
        var (views, running) = (await Views(stage, ct), await Running(stage));
        var wiped = TimeProvider.System.GetUtcNow();
        await stage.Etcd.DeletePrefix("/rooms/", ct);
        await Eventually.True(async () => (await Views(stage, ct)).SequenceEqual(views), FaultStage.Patience, "the views are back");
        var back = TimeProvider.System.GetUtcNow() - wiped;
        await observed.End();
        return [back.TotalSeconds, running.Except(await Running(stage)).Count(), observed.AnchorsSilence, await observed.ListenersSilence()];
    }

    private static async Task<IReadOnlyList<(string, string)>> Views(FaultStage stage, CancellationToken ct) =>
        [.. (await stage.Etcd.List("/rooms/", ct)).Items.Select(view => (view.Key, System.Text.Encoding.UTF8.GetString(view.Value.Span)))];

    /// <summary>The Janus rooms and ffmpeg processes by their numbers.</summary>
    private static async Task<IReadOnlyList<string>> Running(FaultStage stage) =>
        [.. (await Remains.BridgesOf(stage.At, stage.Room)).Select(found => $"{found.Janus.Name} {found.Bridge}"), .. Remains.FfmpegIds(stage.At).Select(id => $"ffmpeg {id}")];
}
