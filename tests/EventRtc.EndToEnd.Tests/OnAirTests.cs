using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>The reason for all the rest: somebody speaks, somebody hears it, and in the end nothing is left.</summary>
public sealed class OnAirTests(RunningSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_anchors_voice_reaches_listeners_and_co_anchors_and_a_removed_room_leaves_nothing()
    {
        var room = $"e2e-{Guid.NewGuid():N}"[..20];
        var at = system.Deployment;
        var onAir = await system.Rooms.OnAir(room);
        var port = onAir.GetProperty("rtpPort").GetInt32();
        var silence = await Tone.MakeWav(at.Folder, 100, volume: 0);

        await using (var speaker = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada"))
        {
            var listener = new Listener(system.Rooms, room);
            await Eventually.True(async () => await listener.ToneRatio() >= Listener.Distinct, Soon, "the tone is in the decrypted HLS");

            await using (var page = await ListenPage.Play(at.Web, room, silence))
            {
                await page.PlaysOn(seconds: 5);
                Assert.True(await page.SaysLive());
            }

            await using var second = await Studio.GoOnAir(at.Web, room, silence, "Grace");
            await Eventually.True(async () => await second.HeardToneRatio() >= Listener.Distinct, Soon, "the second anchor hears the first");
            await Eventually.True(async () => await speaker.Members() == 2, Soon, "the first anchor sees both");

            await system.Rooms.Remove(room);
            await Eventually.True(
                async () => (await Remains.JanusRooms(at, room), Remains.Ffmpegs(at), await Remains.EtcdKeys(at, room), Remains.IsFree(port)) == (0, 0, 0, true),
                GoneWithin, "no Janus room, no ffmpeg and no key is left, and the port is free");
        }
        AssertEveryStepInOrder(await system.Rooms.History(room));
    }

    private static void AssertEveryStepInOrder(IReadOnlyList<string> history)
    {
        string[][] orders =
        [
            ["room_created", "live_started", "janus_room_created", "forwarding_started", "anchor_admitted", "anchor_joined", "removal_requested", "forwarding_stopped", "janus_room_destroyed", "room_deleted"],
            ["live_started", "mixer_port_allocated", "forwarding_started", "removal_requested", "mixer_released", "room_deleted"],
        ];
        foreach (var order in orders)
            Assert.Equal(order, order.OrderBy(step => history.ToList().IndexOf(step)).Where(history.Contains));
        Assert.Equal(2, history.Count(step => step is "anchor_joined"));
        Assert.Equal("room_deleted", history[^1]);
    }
}
