using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>A mixer whose segments lie on a disk of 8 MiB.</summary>
public sealed class SmallDiskRig : MixerRig
{
    internal string Disk { get; private set; } = "";

    protected override string WorkDir => Disk;

    protected override IReadOnlyDictionary<string, string?> Changes { get; } = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MIXER_MIN_FREE_SPACE"] = "1000000" };

    public override async ValueTask InitializeAsync()
    {
        Disk = Sub("disk");
        await Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", Disk);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Worker.Stop();
        await Run("umount", "--lazy", Disk);
        await base.DisposeAsync();
    }

    private static async Task Run(string program, params string[] arguments)
    {
        await using var child = await ChildProcess.Start(new ProcessSpec(program, arguments));
        if (await child.Exited != 0)
            throw new InvalidOperationException($"This test mounts a small disk, which needs root: {string.Join(' ', child.LastLines)}");
    }
}

public sealed class MixerDiskTests(SmallDiskRig rig) : IClassFixture<SmallDiskRig>
{
    [Fact]
    public async Task A_full_disk_is_reported_and_survived_and_the_sound_comes_back_with_the_space()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        await rig.Forward(room, janusRoom: 1);
        var before = HlsReader.NumberOf((await rig.Listener.PlaylistUpTo(room, segment: 1)).Segments[^1]);
        var (worker, ballast) = (rig.Worker.ProcessId, Path.Combine(rig.Disk, "ballast"));

        FillWith(ballast);

        await Eventually.True(async () => await Status() == Heartbeat.Unwell, WorkerRig.Patience, "the heartbeat says so");
        Assert.Contains("away disk: ", await Health(), StringComparison.Ordinal);
        await Eventually.True(() => File.ReadAllText(rig.Worker.LogFile).Contains("Not ready: disk is ", StringComparison.Ordinal), WorkerRig.Patience, "the log says so");
        var another = WorkerRig.NewRoom();
        await rig.StartLive(another);
        var since = Stopwatch.StartNew();
        await Eventually.True(async () => await OnlyWholeSegments(room) && since.Elapsed > TimeSpan.FromSeconds(5), WorkerRig.Patience, "nothing half-written is served for a while");

        File.Delete(ballast);

        await Eventually.True(async () => await Status() == Heartbeat.Healthy, WorkerRig.Patience, "the heartbeat is well again");
        await rig.Listener.PlaylistUpTo(room, before + 3);
        await Eventually.True(async () => await OnlyWholeSegments(room) && (await rig.Listener.Playlist(room))!.Segments.Count == 6, WorkerRig.Patience, "the room is heard again");
        await using var late = await Tone.SendTo((await rig.PortOf(another)).Port);
        await rig.Listener.PlaylistUpTo(another, segment: 1);
        Assert.Equal(worker, rig.Worker.ProcessId);
        var said = await File.ReadAllLinesAsync(rig.Worker.LogFile);
        Assert.Single(said, line => line.Contains("Not ready: disk", StringComparison.Ordinal));
        Assert.Single(said, line => line.Contains("disk is back", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("No space left", StringComparison.Ordinal));
    }

    /// <summary>To the last byte.</summary>
    private static void FillWith(string file)
    {
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var page = new byte[4096]; ;)
                ballast.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private async Task<string> Status() => (await rig.HeartbeatAt("/mixers/mixer-1/heartbeat"))!.Status;

    private async Task<string> Health()
    {
        using var answer = await rig.Listener.Http.GetAsync(new Uri(rig.Worker.Url, "/health"));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Whether what players get of the room can be played, as far as they get something.</summary>
    private async Task<bool> OnlyWholeSegments(RoomId room)
    {
        if (await rig.Listener.Playlist(room) is not { } playlist)
            return true;
        var key = EventRtc.Mixer.Media.KeyInfo.For(System.Text.Encoding.UTF8.GetBytes(MixerRig.Secret), room, rig.Rooms.Views(room).Live!.Nonce);
        foreach (var segment in playlist.Segments)
        {
            using var answer = await rig.Listener.Http.GetAsync(new Uri($"/rooms/{room}/{segment}", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
                Assert.True(key.Opens(await answer.Content.ReadAsByteArrayAsync()), segment);
        }
        return true;
    }
}
