using System.Text;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Services.Tests.Mixer;
using Xunit;

namespace EventRtc.Services.Tests.Media;

public sealed class MediaPathTests(MediaRig rig) : IClassFixture<MediaRig>
{
    [Fact]
    public async Task What_is_played_into_a_room_is_heard_by_its_listeners_also_after_Janus_was_killed()
    {
        using var scratch = new TestFolder();
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        var file = await Tone.MakeFile(scratch.Path);
        await rig.StartLive(room, nonce);

        var first = await BridgeOf(room, other: 0);
        await rig.Janus.PlayFile(first, file, loop: true, default);
        await UntilHeard(room, nonce, after: -1, scratch.Path);

        var last = HlsReader.NumberOf((await rig.Listener.Playlist(room))!.Segments[^1]);
        await rig.Server.Restart();
        var second = await BridgeOf(room, other: first);
        await rig.Janus.PlayFile(second, file, loop: true, default);
        await UntilHeard(room, nonce, after: last + 1, scratch.Path);

        await rig.Remove(room);
        await Eventually.True(() => rig.Rooms.Views(room).IsEmpty, WorkerRig.Patience, "both workers have let go of the room");
        Assert.DoesNotContain(await rig.Janus.ListRooms(default), bridge => !bridge.Description.StartsWith("canary:", StringComparison.Ordinal));
        Assert.Null(await rig.Listener.Playlist(room));
        string[] ends = [nameof(RoomEvent.JanusRoomDestroyed), nameof(RoomEvent.MixerReleased), nameof(RoomEvent.RoomDeleted)];
        Assert.Equal(ends, rig.Rooms.Steps(room).TakeLast(4).Where(ends.Contains).Order());
        Assert.Equal(nameof(RoomEvent.RoomDeleted), rig.Rooms.Steps(room).Last());
    }

    /// <summary>The bridge that forwards, once it is another one.</summary>
    private async Task<long> BridgeOf(RoomId room, long other)
    {
        await Eventually.True(
            () => rig.Rooms.Views(room).Janus is { Status: JanusStatus.Forwarding } now && now.JanusRoomId != other, WorkerRig.Patience, "it forwards");
        return rig.Rooms.Views(room).Janus!.JanusRoomId;
    }

    private Task UntilHeard(RoomId room, string nonce, int after, string folder) => Eventually.True(
        async () =>
        {
            if (await rig.Listener.Playlist(room) is not { Segments: [.., var newest] } playlist || HlsReader.NumberOf(newest) <= after)
                return false;
            var (tone, other) = await playlist.Hear(await rig.Listener.Segment(room, newest), Encoding.UTF8.GetBytes(MixerRig.Secret), room, nonce, folder);
            return tone > 20 * other && tone > 0.05;
        },
        WorkerRig.Patience,
        "the tone is heard");
}
