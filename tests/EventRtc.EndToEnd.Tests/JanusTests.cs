using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Two anchors, each with a tone that the other hears, while their Janus dies or is held up.</summary>
public sealed class JanusTests(RunningSystem system, ITestOutputHelper output)
{
    /// <summary>On a busy machine; how quick it is elsewhere is measured by <c>ops/bench faults</c>.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Anchors_hear_each_other_again_after_their_Janus_was_killed_and_started_again()
    {
        var (room, ada, grace) = await GoOnAir();
        await using (ada)
        await using (grace)
        {
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
        await system.Rooms.Remove(room);
    }

    [Fact]
    public async Task Anchors_hear_each_other_again_after_their_Janus_was_frozen_for_long()
    {
        var (room, ada, grace) = await GoOnAir();
        await using (ada)
        await using (grace)
        {
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
        await system.Rooms.Remove(room);
    }

    private async Task<(string Room, Studio Ada, Studio Grace)> GoOnAir()
    {
        var (at, room) = (system.Deployment, $"janus-{Guid.NewGuid():N}"[..20]);
        await system.Rooms.OnAir(room);
        var tone = await Tone.MakeWav(at.Folder, 1000);
        var (ada, grace) = (await Studio.GoOnAir(at.Web, room, tone, "Ada"), await Studio.GoOnAir(at.Web, room, tone, "Grace"));
        await Eventually.True(async () => await ada.HearsTone() && await grace.HearsTone(), Soon, "they hear each other");
        return (room, ada, grace);
    }
}
