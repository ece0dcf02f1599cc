using System.Diagnostics;
using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>A mixer that is asked to stop.</summary>
public sealed class MixerDrainTests(MixerRig rig) : IClassFixture<MixerRig>, IAsyncLifetime
{
    private const string Other = "/mixers/mixer-2/heartbeat";
    private readonly RoomId room = WorkerRig.NewRoom();

    public async ValueTask InitializeAsync()
    {
        await rig.StartLive(room);
        await rig.FfmpegOf(room);
        await rig.PortOf(room);
    }

    public async ValueTask DisposeAsync()
    {
        await rig.Etcd.Delete(Other);
        if (!rig.Worker.IsRunning)
            await rig.Worker.Start();
        await rig.Remove(room); // the next test's drain must not wait for it
        await Eventually.True(() => !rig.HasFolderOf(room), WorkerRig.Patience, "the room is gone");
    }

    [Fact]
    public async Task It_says_so_stays_until_its_rooms_were_moved_and_their_last_segments_were_served_and_then_ends()
    {
        await OfferAnother();
        await using var tone = await Tone.SendTo(rig.Rooms.Views(room).Mixer!.Port);
        await rig.Listener.PlaylistUpTo(room, segment: 1);

        Terminate();
        await Eventually.True(async () => (await rig.HeartbeatAt("/mixers/mixer-1/heartbeat"))?.Status == Heartbeat.Stopping, WorkerRig.Patience, "it says that it stops");
        await rig.FfmpegOf(room);
        await rig.Reassign(room, MixerRig.OtherMixer);
        await rig.ReportOther(room);

        await Eventually.True(() => rig.FfmpegsOf(room).Count == 0, WorkerRig.Patience, "ffmpeg has ended");
        Assert.NotNull(await rig.Listener.Playlist(room));
        await Eventually.True(() => !rig.Worker.IsRunning, WorkerRig.Patience, "it has ended");
        Assert.False(rig.HasFolderOf(room));
    }

    [Fact]
    public async Task It_ends_at_once_when_nobody_could_take_its_rooms_and_keeps_their_folders()
    {
        var asked = Stopwatch.StartNew();
        Terminate();
        await Eventually.True(() => !rig.Worker.IsRunning, WorkerRig.Patience, "it has ended");
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(15), $"{asked.Elapsed}");
        Assert.True(rig.HasFolderOf(room));
        Assert.Empty(rig.FfmpegsOf(room));
    }

    private void Terminate() => ProcessTable.Send(rig.Worker.ProcessId!.Value, Signal.Terminate);

    private Task<long> OfferAnother() => rig.Etcd.Put(Other, JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat(Heartbeat.Healthy, "test", Capacity: 10, Streams: 0, DateTimeOffset.UnixEpoch), DomainJson.Options));
}
