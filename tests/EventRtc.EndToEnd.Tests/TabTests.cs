using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What becomes of an anchor's place when its tab is loaded again, or closed.</summary>
public sealed class TabTests(RunningSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_reloaded_tab_comes_back_to_its_own_seat_and_leaves_no_ghost_and_a_closed_one_is_gone_for_the_others()
    {
        var at = system.Deployment;
        var room = $"tab-{Guid.NewGuid():N}"[..20];
        await system.Rooms.OnAir(room);
        await using var speaker = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada");
        await using var coAnchor = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 100, volume: 0), "Grace");
        await Eventually.True(async () => await coAnchor.HearsTone() && await coAnchor.Members() == 2, Soon, "the co-anchor hears and sees the speaker");
        string[] users = [await speaker.UserId(room), await coAnchor.UserId(room)];

        await speaker.Reload();

        Assert.Equal(users[0], await speaker.UserId(room));
        await Eventually.True(coAnchor.HearsTone, Soon, "the speaker is heard again");
        Assert.Equal(users.Order(), (await Remains.Participants(at, room)).Order());
        await Eventually.True(async () => (await speaker.Members(), await coAnchor.Members()) == (2, 2), Soon, "both see each other");

        await speaker.Page.CloseAsync();

        await Eventually.True(async () => await coAnchor.Members() == 1, GoneWithin, "the co-anchor sees that the speaker is gone");
        Assert.Equal([users[1]], await Remains.Participants(at, room));
        await system.Rooms.Remove(room);
    }
}
