using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>That a room's views vanish is no wish to stop: the log is asked, and what it says counts.</summary>
public sealed class MixerViewTests(MixerRig rig) : IClassFixture<MixerRig>
{
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task A_room_whose_views_vanish_stays_on_air_with_the_same_ffmpeg_and_when_they_come_back_too()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        var number = HlsReader.NumberOf((await rig.Listener.PlaylistUpTo(room, segment: 1)).Segments[^1]);
        var ffmpeg = await rig.FfmpegOf(room);

        await rooms.Show(room, RoomViews.Empty);
        await Eventually.True(() => rooms.Questions(room, "mixer") >= 3, WorkerRig.Patience, "the log is asked again and again");
        await rig.Listener.PlaylistUpTo(room, number + 2);
        Assert.Equal(ffmpeg, await rig.FfmpegOf(room));

        await rooms.Show(room, rooms.Views(room));
        var questions = rooms.Questions(room, "mixer");
        await rig.Listener.PlaylistUpTo(room, number + 4);
        Assert.Equal(ffmpeg, await rig.FfmpegOf(room));
        Assert.InRange(rooms.Questions(room, "mixer"), questions, questions + 1);
        Assert.Equal(["RoomCreated", "LiveStarted", "MixerPortAllocated"], rooms.Steps(room));
    }

    [Theory]
    [InlineData(ViewKind.Meta)]
    [InlineData(ViewKind.Live)]
    [InlineData(ViewKind.Janus)]
    [InlineData(ViewKind.Mixer)]
    public async Task A_single_view_that_vanishes_interrupts_nothing(ViewKind kind)
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        var number = HlsReader.NumberOf((await rig.Listener.PlaylistUpTo(room, segment: 1)).Segments[^1]);
        var ffmpeg = await rig.FfmpegOf(room);

        await rig.Etcd.Delete(new ViewKeys().Of(room, kind));
        await rig.Listener.PlaylistUpTo(room, number + 4);

        Assert.Equal(ffmpeg, await rig.FfmpegOf(room));
        Assert.Equal(["RoomCreated", "LiveStarted", "MixerPortAllocated"], rooms.Steps(room));
    }

    [Fact]
    public async Task A_folder_of_a_former_run_without_views_is_kept_and_goes_on_once_they_are_back()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        var before = await rig.Listener.PlaylistUpTo(room, segment: 1);

        await rig.WhileKilled(() => rooms.Show(room, RoomViews.Empty));
        await Eventually.True(() => rooms.Questions(room, "mixer") >= 1, WorkerRig.Patience, "the log is asked");
        Assert.NotNull(await rig.Listener.Playlist(room));

        await rooms.Show(room, rooms.Views(room));
        var after = await rig.Listener.PlaylistOnce(room, playlist => playlist.Timelines[^1] > before.Timelines[^1], "it goes on");
        Assert.True(HlsReader.NumberOf(after.Segments[0]) <= HlsReader.NumberOf(before.Segments[^1]) + 3, after.Segments[0]);
    }

    [Fact]
    public async Task What_a_former_run_left_of_a_room_that_is_gone_is_deleted_once_the_log_has_said_so()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.FfmpegOf(room);

        await rig.WhileKilled(async () =>
        {
            await rig.Remove(room);
            await rooms.Do(new RoomCommand.DiscardRoom(room, RoomsInMemory.Now));
            Assert.True(rig.HasFolderOf(room));
        });

        await Eventually.True(() => !rig.HasFolderOf(room), WorkerRig.Patience, "nothing is left");
        Assert.True(rooms.Questions(room, "mixer") >= 1);
        Assert.Empty(rig.FfmpegsOf(room));
    }
}
