using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What a room's host does to the others, at the pages of both.</summary>
public sealed class HostTests(RunningSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_host_sees_who_talks_mutes_and_unmutes_and_removes_an_anchor()
    {
        await using var meeting = await Meet();
        var (room, host, anchor, user) = meeting;
        await Eventually.True(async () => await host.HearsTone() && await host.Shows(user, "data-talking") == "true", Soon, "the host hears the anchor and sees it talk");

        await host.Click("mute-other", user);
        await Eventually.True(async () => await anchor.Says("muted-by-host", "The host has muted you"), Soon, "the anchor is told that it is muted");
        await Eventually.True(host.HearsNoTone, Soon, "the host does not hear the anchor any more");
        await Eventually.True(
            async () => (await host.Shows(user, "data-status"), await host.Shows(user, "data-talking")) == ("idle", "false"), Soon, "the host sees that the anchor is muted and does not talk");

        await host.Click("mute-other", user);
        await Eventually.True(host.HearsTone, Soon, "the host hears the anchor again");
        await Eventually.True(async () => !await anchor.Says("muted-by-host", ""), Soon, "the anchor is not told that it is muted any more");

        await host.Click("remove", user);
        await Eventually.True(async () => await anchor.Says("error", "The host has removed you"), Soon, "the anchor is told that it was removed");
        await Eventually.True(async () => await host.Members() == 1 && await host.HearsNoTone(), Soon, "the host is alone");
        Assert.True(await host.IsConnected());
        await system.Rooms.Remove(room);
    }

    [Fact]
    public async Task The_host_ends_the_room_for_everybody()
    {
        await using var meeting = await Meet();
        var (room, host, anchor, _) = meeting;

        await host.Click("end-room");
        await host.Click("end-room-now");

        await Eventually.True(async () => await host.Says("error", "The room has ended") && await anchor.Says("error", "The room has ended"), Soon, "both are told that the room has ended");
        await Eventually.True(async () => await system.Rooms.Find(room) is null && await Remains.JanusRooms(system.Deployment, room) == 0, Soon, "the room is gone");
    }

    private async Task<Meeting> Meet()
    {
        var at = system.Deployment;
        var (host, room, pin) = await Studio.Host(at.Web, await Tone.MakeWav(at.Folder, 100, volume: 0), "Grace");
        var anchor = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada", pin);
        await Eventually.True(async () => await host.Members() == 2, Soon, "the host sees the anchor");
        return new Meeting(room, host, anchor, await anchor.UserId(room));
    }

    /// <param name="User">The anchor's id.</param>
    private sealed record Meeting(string Room, Studio Host, Studio Anchor, string User) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Anchor.DisposeAsync();
            await Host.DisposeAsync();
        }
    }
}
