using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>Rooms that go to another mixer, come back, or change their Janus.</summary>
public sealed class MixerHandOverTests(MixerRig rig) : IClassFixture<MixerRig>
{
    private const string Heartbeat = "/mixers/mixer-1/heartbeat";
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task A_room_that_moves_is_kept_on_air_until_the_other_mixer_listens_then_served_a_while_and_then_gone()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        var before = HlsReader.NumberOf((await rig.Listener.PlaylistUpTo(room, segment: 1)).Segments[^1]);
        var ffmpeg = await rig.FfmpegOf(room);
        var streams = (await rig.HeartbeatAt(Heartbeat))!.Streams;

        await rig.Reassign(room, MixerRig.OtherMixer);
        await rig.Listener.PlaylistUpTo(room, before + 3);
        Assert.Equal(ffmpeg, await rig.FfmpegOf(room));

        await rig.ReportOther(room);
        await Eventually.True(() => rig.FfmpegsOf(room).Count == 0, WorkerRig.Patience, "ffmpeg has ended");
        var last = await rig.Listener.Playlist(room);
        Assert.NotNull(last);
        Assert.NotEmpty(await rig.Listener.Segment(room, last.Segments[^1]));
        await Eventually.True(async () => (await rig.HeartbeatAt(Heartbeat))!.Streams == streams - 1, WorkerRig.Patience, "it counts no more");
        await Eventually.True(() => !rig.HasFolderOf(room), WorkerRig.Patience, "nothing is left");
        Assert.DoesNotContain(nameof(RoomEvent.MixerReleased), rooms.Steps(room));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_room_that_comes_back_begins_beyond_all_that_the_other_mixer_has_numbered(bool whileAway)
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        HlsReader first;
        await using (await Tone.SendTo((await rig.PortOf(room)).Port))
            first = await rig.Listener.PlaylistUpTo(room, segment: 1);

        if (whileAway)
            await rig.WhileKilled(GoAndComeBack);
        else
            await GoAndComeBack();

        await using var again = await Tone.SendTo((await rig.PortOf(room)).Port);
        var least = (int)((RoomsInMemory.Now - rooms.Views(room).Live!.CreatedAt).TotalSeconds * 10) - 50;
        var second = await rig.Listener.PlaylistOnce(room, playlist => playlist.KeyUri == first.KeyUri && HlsReader.NumberOf(playlist.Segments[0]) > HlsReader.NumberOf(first.Segments[^1]) + 10, "it is on air again");
        Assert.True(HlsReader.NumberOf(second.Segments[0]) >= least, second.Segments[0]);
        Assert.True(second.Timelines[0] > HlsReader.NumberOf(first.Segments[^1]) + 10, $"{second.Timelines[0]}");

        async Task GoAndComeBack()
        {
            await rig.Reassign(room, MixerRig.OtherMixer);
            await rig.ReportOther(room);
            if (!whileAway)
                await Eventually.True(() => rig.FfmpegsOf(room).Count == 0, WorkerRig.Patience, "it is given away");
            await Eventually.True(() => RoomsInMemory.Now > rooms.Views(room).Live!.CreatedAt + TimeSpan.FromSeconds(5), WorkerRig.Patience, "the other mixer has had it for a while");
            await rig.Reassign(room, WorkerRig.MixerId);
        }
    }

    [Fact]
    public async Task A_room_that_comes_back_before_the_other_mixer_was_ready_is_heard_again()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.PortOf(room);
        await rig.FfmpegOf(room);

        await rig.Reassign(room, MixerRig.OtherMixer);
        await rig.Reassign(room, WorkerRig.MixerId);

        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        await rig.Listener.PlaylistUpTo(room, segment: 1);
        await rig.FfmpegOf(room);
    }

    [Fact]
    public async Task A_room_with_another_Janus_gets_another_port_and_goes_on_in_its_playlist()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        var port = await rig.PortOf(room);
        await rig.Forward(room, janusRoom: 1);
        HlsReader before;
        await using (await Tone.SendTo(port.Port))
            before = await rig.Listener.PlaylistUpTo(room, segment: 1);

        var janus = new ModuleId("janus-2");
        await rig.Reassign(room, WorkerRig.MixerId, janus);
        await rooms.Do(new RoomCommand.ReportJanusRoom(room, janus, rooms.Views(room).Live!.Nonce, 7, RoomsInMemory.Now));

        await Eventually.True(() => rooms.Views(room).Mixer is { } now && now.Port != port.Port, WorkerRig.Patience, "another port is reported");
        await rig.Forward(room, janusRoom: 7, janus);
        await using var tone = await Tone.SendTo(rooms.Views(room).Mixer!.Port);
        var last = HlsReader.NumberOf(before.Segments[^1]);
        var after = await rig.Listener.PlaylistOnce(room, playlist => playlist.Timelines[^1] > before.Timelines[^1], "the other Janus is heard");
        Assert.InRange(HlsReader.NumberOf(after.Segments[^1]), last + 1, last + 5);
        await rig.FfmpegOf(room);
    }
}
