using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Listening;

/// <summary>What players get while a room moves, and while nothing is known of it.</summary>
public sealed class GetMediaTests(HlsRig rig) : IClassFixture<HlsRig>, IAsyncLifetime
{
    private const string Playlist = "stream.m3u8";
    private static readonly ModuleId Second = new("mixer-2");
    private readonly RoomsInMemory rooms = rig.Rooms;
    private readonly RoomId room = WorkerRig.NewRoom();
    private ServedFiles first = null!;
    private ServedFiles second = null!;

    public async ValueTask InitializeAsync()
    {
        (first, second) = (await ServedFiles.Start(), await ServedFiles.Start());
        first.Put(room.Value, Playlist, "first");
        first.Put(room.Value, "seg000001.ts", "sound");
        await rig.StartLive(room);
        await Report(WorkerRig.MixerId, first);
        await Becomes(Playlist, (200, "first"));
    }

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_room_that_moves_is_served_by_its_former_mixer_until_the_new_one_has_a_playlist_and_never_again_after()
    {
        await Reassign();
        await Stays(Playlist, (200, "first"));
        await Report(Second, second);
        await Stays(Playlist, (200, "first"));
        await Stays("seg000001.ts", (200, "sound"));

        second.Put(room.Value, Playlist, "second");
        await Becomes(Playlist, (200, "second"));
        await Stays("seg000001.ts", (200, "sound"));
        Assert.Equal((404, null), await rig.Get(room, "seg000002.ts"));

        await second.DisposeAsync();
        Assert.Equal((503, null), await rig.Get(room, Playlist));
        Assert.Equal((200, "sound"), await rig.Get(room, "seg000001.ts"));
    }

    [Fact]
    public async Task While_a_mixer_does_not_answer_players_are_told_to_try_again()
    {
        await first.DisposeAsync();
        Assert.Equal((503, null), await rig.Get(room, Playlist));
        Assert.Equal((503, null), await rig.Get(room, "seg000001.ts"));

        await Reassign();
        await Report(Second, second);
        second.Put(room.Value, Playlist, "second");
        await Becomes(Playlist, (200, "second"));
        Assert.Equal((503, null), await rig.Get(room, "seg000001.ts"));
        second.Put(room.Value, "seg000050.ts", "more sound");
        Assert.Equal((200, "more sound"), await rig.Get(room, "seg000050.ts"));
    }

    [Fact]
    public async Task A_room_whose_views_vanish_is_served_on_for_a_while_with_its_key()
    {
        Assert.Equal(200, await rig.Key(room));
        await rooms.Show(room, RoomViews.Empty);

        await Stays(Playlist, (200, "first"));
        await Stays("seg000001.ts", (200, "sound"));
        Assert.Equal(200, await rig.Key(room));

        await Becomes(Playlist, (409, null));
        Assert.Equal(403, await rig.Key(room));
        await rooms.Show(room, rooms.Views(room));
        await Becomes(Playlist, (200, "first"));
        Assert.Equal(200, await rig.Key(room));
    }

    [Fact]
    public async Task A_removed_room_ends_at_once()
    {
        await rig.Remove(room);
        await Eventually.True(async () => await rig.Key(room) == 403, WorkerRig.Patience, "its key is refused");
        await rooms.Do(new RoomCommand.DiscardRoom(room, RoomsInMemory.Now));
        await Becomes(Playlist, (409, null), within: HlsRig.Grace / 2);
        Assert.Equal(403, await rig.Key(room));
    }

    private Task Reassign() => rooms.Do(new RoomCommand.ReassignModules(room, WorkerRig.JanusId, Second, "test", RoomsInMemory.Now));

    private Task Report(ModuleId mixer, ServedFiles at) => rooms.Do(
        new RoomCommand.ReportMixerPort(room, mixer, rooms.Views(room).Live!.Nonce, "127.0.0.1", 5004, at.Port, RoomsInMemory.Now));

    private Task Becomes(string file, (int Status, string? Content) answer, TimeSpan? within = null) =>
        Eventually.True(async () => await rig.Get(room, file) == answer, within ?? WorkerRig.Patience, $"{file} is answered with {answer}");

    /// <summary>Over so many answers that the service has seen any change of views by then.</summary>
    private async Task Stays(string file, (int Status, string? Content) answer)
    {
        for (var i = 0; i < 30; i++)
            Assert.Equal(answer, await rig.Get(room, file));
    }
}
