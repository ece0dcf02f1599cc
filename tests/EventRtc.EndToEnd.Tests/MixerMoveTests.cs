using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>A room goes from one mixer to another while somebody listens at the real page: the same address, the same key, and no reload.</summary>
[Collection<Redundant>]
public sealed class MixerMoveTests(RedundantSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan While = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_listener_hears_a_room_go_over_to_another_mixer_and_back_with_hardly_a_gap()
    {
        var room = $"move-{Guid.NewGuid():N}"[..20];
        await using var speaker = await Speak(room);
        await using var listener = await Listen(room);
        await using var mover = new Mover(system.Deployment);
        await using var playlists = new PlaylistWatch(system.Rooms, room);

        await mover.ToAnotherMixer(room);
        await listener.HearsOn(While);
        var there = await listener.LongestSilence();
        await mover.ToAnotherMixer(room);
        await listener.HearsOn(While);
        var back = await listener.LongestSilence();

        output.WriteLine($"Longest silence: {there.TotalSeconds:0.00} s after one move, {back.TotalSeconds:0.00} s after two");
        AssertNeverBack(playlists);
        Assert.Empty(playlists.Refusals);
        Assert.True(back < TimeSpan.FromSeconds(5), $"{back}");
    }

    [Fact]
    public async Task A_listener_hears_on_when_the_mixer_is_killed_and_another_one_takes_over()
    {
        var room = $"kill-{Guid.NewGuid():N}"[..20];
        await using var speaker = await Speak(room);
        await using var listener = await Listen(room);
        await using var mover = new Mover(system.Deployment);
        await using var playlists = new PlaylistWatch(system.Rooms, room);
        var killed = await mover.MixerOf(room);

        await killed.Kill();
        try
        {
            await mover.ToAnotherMixer(room);
            await listener.HearsOn(While);
        }
        finally
        {
            await killed.Start();
        }

        var silence = await listener.LongestSilence();
        output.WriteLine($"Longest silence: {silence.TotalSeconds:0.00} s; refused meanwhile: {string.Join(' ', playlists.Refusals)}");
        AssertNeverBack(playlists);
        Assert.DoesNotContain(404, playlists.Refusals);
        Assert.True(silence < TimeSpan.FromSeconds(15), $"{silence}");
    }

    [Fact]
    public async Task A_listener_hears_on_when_the_mixer_is_killed_and_starts_again()
    {
        var room = $"again-{Guid.NewGuid():N}"[..20];
        await using var speaker = await Speak(room);
        await using var listener = await Listen(room);
        await using var mover = new Mover(system.Deployment);
        await using var playlists = new PlaylistWatch(system.Rooms, room);
        var killed = await mover.MixerOf(room);

        await killed.Restart();
        await listener.HearsOn(While);

        var silence = await listener.LongestSilence();
        output.WriteLine($"Longest silence: {silence.TotalSeconds:0.00} s; refused meanwhile: {string.Join(' ', playlists.Refusals)}");
        Assert.Equal(killed, await mover.MixerOf(room));
        AssertNeverBack(playlists);
        Assert.DoesNotContain(404, playlists.Refusals);
        Assert.True(silence < TimeSpan.FromSeconds(10), $"{silence}");
    }

    private static void AssertNeverBack(PlaylistWatch playlists)
    {
        var looks = playlists.Looks;
        Assert.Equal(looks.OrderBy(look => look.Sequence), looks);
        Assert.Equal(looks.OrderBy(look => look.Discontinuities), looks);
    }

    private async Task<Studio> Speak(string room)
    {
        await system.Rooms.OnAir(room);
        return await Studio.GoOnAir(system.Deployment.Web, room, await Tone.MakeWav(system.Deployment.Folder, 1000), "Ada");
    }

    private async Task<HearingListener> Listen(string room)
    {
        await Eventually.True(async () => await new Listener(system.Rooms, room).ToneRatio() >= Listener.Distinct, Soon, "the tone is heard");
        return await HearingListener.TuneIn(system.Deployment.Web, room, await Tone.MakeWav(system.Deployment.Folder, 100, volume: 0));
    }
}
