using System.Net;
using System.Net.Sockets;
using System.Text;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Mixer.Media;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

public sealed class MixerWorkerTests(MixerRig rig) : IClassFixture<MixerRig>
{
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task A_room_on_air_is_heard_in_its_encrypted_segments()
    {
        using var scratch = new TestFolder();
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce);
        var port = await rig.PortOf(room);
        await using var tone = await Tone.SendTo(port.Port);

        var playlist = await rig.Listener.PlaylistUpTo(room, segment: 1);
        Assert.Equal($"enc.key?n={nonce}", playlist.KeyUri);
        var heard = await playlist.Hear(await rig.Listener.Segment(room, playlist.Segments[^1]), Encoding.UTF8.GetBytes(MixerRig.Secret), room, nonce, scratch.Path);
        Assert.True(heard.Tone > 20 * heard.Other && heard.Tone > 0.05, $"1 kHz {heard.Tone:0.0000}, 700 Hz {heard.Other:0.0000}");
    }

    [Fact]
    public async Task Removing_a_room_leaves_no_ffmpeg_no_folder_and_no_port()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        var port = await rig.PortOf(room);
        await rig.FfmpegOf(room);

        await rig.Remove(room);
        await rooms.Do(new RoomCommand.ReportJanusRoomDestroyed(room, WorkerRig.JanusId, RoomsInMemory.Now));

        await Eventually.True(() => rooms.Steps(room).Last() == nameof(RoomEvent.RoomDeleted), WorkerRig.Patience, "the room is deleted");
        Assert.Empty(rig.FfmpegsOf(room));
        Assert.False(Directory.Exists(Path.Combine(rig.RoomFolders, room.Value)));
        using var rtp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port.Port));
        using var rtcp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port.Port + 1));
    }

    [Fact]
    public async Task Removing_a_room_of_which_nothing_is_here_is_reported_all_the_same()
    {
        var room = WorkerRig.NewRoom();
        await rig.WhileKilled(async () =>
        {
            await rig.StartLive(room);
            await rig.Remove(room);
        });

        await Eventually.True(() => rooms.Steps(room).Contains(nameof(RoomEvent.MixerReleased)), WorkerRig.Patience, "the end is reported");
    }

    [Fact]
    public async Task A_worker_that_was_killed_goes_on_at_the_same_port_in_the_same_playlist()
    {
        var (room, gone) = (WorkerRig.NewRoom(), WorkerRig.NewRoom());
        await rig.StartLive(room);
        await rig.StartLive(gone);
        var port = await rig.PortOf(room);
        await using var tone = await Tone.SendTo(port.Port);
        var before = await rig.Listener.PlaylistUpTo(room, segment: 1);
        var ffmpeg = await rig.FfmpegOf(room);
        await rig.FfmpegOf(gone);

        var last = 0;
        ChildProcess? leftover = null;
        await rig.WhileKilled(async () =>
        {
            await Eventually.True(() => !rig.FfmpegsOf(room).Contains(ffmpeg), WorkerRig.Patience, "ffmpeg died with its mixer");
            Assert.NotEmpty(rig.PlaylistOnDisk(room).Segments);
            last = HlsReader.NumberOf(rig.PlaylistOnDisk(room).Segments[^1]);
            await rooms.Do(new RoomCommand.ReassignModules(gone, WorkerRig.JanusId, new ModuleId("mixer-2"), "test", RoomsInMemory.Now));
            await Eventually.True(() => rig.FfmpegsOf(gone).Count == 0, WorkerRig.Patience, "the other one died too");
            leftover = await ChildProcess.Start(Ffmpeg.Describe(Path.Combine(rig.RoomFolders, gone.Value), IPAddress.Loopback));
        });
        await using var ended = leftover;

        var after = await rig.Listener.PlaylistUpTo(room, last + 1);
        Assert.Equal(before.KeyUri, after.KeyUri);
        Assert.True(after.Timelines[^1] > before.Timelines[^1]);
        Assert.Equal(["RoomCreated", "LiveStarted", "MixerPortAllocated"], rooms.Steps(room));
        await rig.FfmpegOf(room);
        await Eventually.True(() => rig.FfmpegsOf(gone).Count == 0 && !Directory.Exists(Path.Combine(rig.RoomFolders, gone.Value)), WorkerRig.Patience, "what was left is gone");
    }

    [Fact]
    public async Task A_port_that_was_taken_meanwhile_is_replaced()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        var before = await rig.PortOf(room);
        await rig.FfmpegOf(room);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await rig.WhileKilled(async () =>
        {
            await Eventually.True(() => rig.FfmpegsOf(room).Count == 0, WorkerRig.Patience, "ffmpeg died with its mixer");
            other.Bind(new IPEndPoint(IPAddress.Loopback, before.Port + 1));
        });

        await Eventually.True(() => rooms.Views(room).Mixer is { } now && now.Port != before.Port, WorkerRig.Patience, "another port is reported");
        await rig.FfmpegOf(room);
    }

    [Fact]
    public async Task An_ffmpeg_that_ends_is_started_again_at_the_same_port()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        var port = await rig.PortOf(room);
        var killed = await rig.FfmpegOf(room);
        ProcessTable.Send(killed, Signal.Kill);

        await Eventually.True(() => rig.FfmpegsOf(room) is [var now] && now != killed, WorkerRig.Patience, "another ffmpeg runs");
        await using var tone = await Tone.SendTo(port.Port);
        await rig.Listener.PlaylistUpTo(room, segment: 1);
        Assert.Equal(["RoomCreated", "LiveStarted", "MixerPortAllocated"], rooms.Steps(room));
    }

    [Fact]
    public async Task Another_forwarder_starts_ffmpeg_anew_and_the_first_one_does_not()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce);
        var port = await rig.PortOf(room);
        var first = await rig.FfmpegOf(room);

        await Forward(room, nonce, janusRoom: 1, port);
        await using (var tone = await Tone.SendTo(port.Port))
            await rig.Listener.PlaylistUpTo(room, segment: 1);
        Assert.Equal(first, await rig.FfmpegOf(room));

        await Forward(room, nonce, janusRoom: 2, port);
        await Eventually.True(() => rig.FfmpegsOf(room) is [var now] && now != first, WorkerRig.Patience, "another ffmpeg runs");
        await using var other = await Tone.SendTo(port.Port);
        await rig.Listener.PlaylistOnce(room, playlist => playlist.Timelines.Distinct().Count() == 2, "both have made segments");
    }

    [Fact]
    public async Task Another_live_session_starts_with_a_key_and_a_playlist_of_its_own()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using (var tone = await Tone.SendTo((await rig.PortOf(room)).Port))
            await rig.Listener.PlaylistUpTo(room, segment: 3);

        var nonce = WorkerRig.NewNonce();
        await rig.StartAnew(room, nonce);
        await Eventually.True(async () => await rig.Listener.Playlist(room) is null, WorkerRig.Patience, "the old playlist is gone");
        await using var again = await Tone.SendTo((await rig.PortOf(room)).Port);

        var playlist = await rig.Listener.PlaylistUpTo(room, segment: 0);
        Assert.Equal($"enc.key?n={nonce}", playlist.KeyUri);
        Assert.True(HlsReader.NumberOf(playlist.Segments[0]) < 100, playlist.Segments[0]);
    }

    [Fact]
    public async Task A_room_that_moved_away_leaves_nothing_here()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.FfmpegOf(room);
        await rooms.Do(new RoomCommand.ReassignModules(room, WorkerRig.JanusId, new ModuleId("mixer-2"), "test", RoomsInMemory.Now));

        await Eventually.True(() => rig.FfmpegsOf(room).Count == 0 && !Directory.Exists(Path.Combine(rig.RoomFolders, room.Value)), WorkerRig.Patience, "all of it is gone");
    }

    [Fact]
    public async Task The_HLS_server_gives_what_players_need_and_nothing_else()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        var segment = (await rig.Listener.PlaylistUpTo(room, segment: 0)).Segments[^1];

        using var list = await rig.Listener.Http.GetAsync(new Uri($"/rooms/{room}/stream.m3u8", UriKind.Relative));
        Assert.Equal(("application/vnd.apple.mpegurl", true), (list.Content.Headers.ContentType!.MediaType, list.Headers.CacheControl!.NoCache));
        using var media = await rig.Listener.Http.GetAsync(new Uri($"/rooms/{room}/{segment}", UriKind.Relative));
        Assert.Equal("video/mp2t", media.Content.Headers.ContentType!.MediaType);

        string[] refused = [$"/rooms/{room}/enc.key", $"/rooms/{room}/key.info", $"/rooms/{room}/seg999999.ts", "/rooms/nobody/stream.m3u8", $"/rooms/{room}/..%2F{room}%2Fenc.key", $"/rooms/..%2Frooms%2F{room}/stream.m3u8", "/rooms/a/stream.m3u8"];
        foreach (var path in refused)
        {
            using var answer = await rig.Listener.Http.GetAsync(new Uri(rig.Listener.Http.BaseAddress!, path));
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_heartbeat_tells_how_many_rooms_are_here()
    {
        const string Key = "/mixers/mixer-1/heartbeat";
        var before = await Eventually.Value(() => rig.HeartbeatAt(Key), WorkerRig.Patience, "there is a heartbeat");
        Assert.Equal((Heartbeat.Healthy, "127.0.0.1", 100), (before.Status, before.Host, before.Capacity));
        var room = WorkerRig.NewRoom();

        await rig.StartLive(room);
        await Eventually.True(async () => (await rig.HeartbeatAt(Key))!.Streams == before.Streams + 1, TimeSpan.FromSeconds(2), "one more room is told at once");
        await rig.Remove(room);
        await Eventually.True(async () => (await rig.HeartbeatAt(Key))!.Streams == before.Streams, TimeSpan.FromSeconds(2), "and that it is gone");
    }

    private Task Forward(RoomId room, string nonce, long janusRoom, MixerView port) => rooms.Do(
        new RoomCommand.ReportJanusRoom(room, WorkerRig.JanusId, nonce, janusRoom, RoomsInMemory.Now),
        new RoomCommand.ReportForwarding(room, WorkerRig.JanusId, janusRoom, port.Ip, port.Port, RoomsInMemory.Now));
}
