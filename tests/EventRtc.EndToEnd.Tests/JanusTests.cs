using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Two anchors while their Janus dies or is held up.</summary>
public sealed class JanusTests(RunningSystem system, ITestOutputHelper output)
{
    /// <summary>On a busy machine; how quick it is elsewhere is measured by <c>ops/bench faults</c>.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Anchors_hear_each_other_again_after_their_Janus_was_killed_and_started_again()
    {
        await using var anchors = await TwoAnchors.GoOnAir(system.Deployment, system.Rooms);
        var (_, room, ada, grace) = anchors;
        var changes = new[] { await StateChanges.Begin(ada.Page), await StateChanges.Begin(grace.Page) };
        var silences = new[] { await Silence.Begin(ada), await Silence.Begin(grace) };

        await system.Deployment.Janus.Restart();
        var restarted = TimeProvider.System.GetUtcNow();

        foreach (var silence in silences)
            output.WriteLine($"silent for {(await silence.Ends(Soon)).TotalMilliseconds:0} ms");
        foreach (var change in changes)
            output.WriteLine($"connected {(await change.Resumed() - restarted).TotalMilliseconds:0} ms after Janus answered");
        Assert.Equal(2, (await Remains.Participants(system.Deployment, room)).Count);
        Assert.Equal((2, 2), (await ada.Sessions(), await grace.Sessions())); // a reload of the page would begin to count anew
    }

    [Fact]
    public async Task Anchors_hear_each_other_again_after_their_Janus_was_frozen_for_long()
    {
        await using var anchors = await TwoAnchors.GoOnAir(system.Deployment, system.Rooms);
        var (_, room, ada, grace) = anchors;
        var silences = new[] { await Silence.Begin(ada), await Silence.Begin(grace) };

        await system.Deployment.Janus.Freeze();
        await Eventually.True(async () => !await ada.IsConnected() && !await grace.IsConnected(), Soon, "both notice it");
        system.Deployment.Janus.Thaw();

        foreach (var silence in silences)
            await silence.Ends(Soon);
        await ada.WaitUntilConnected();
        await grace.WaitUntilConnected();
        await Eventually.True(async () => (await Remains.Participants(system.Deployment, room)).Count == 2, Soon, "and nobody else is in the mix");
    }
}
