using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>A Janus or a mixer is taken out of service while two anchors speak and somebody listens: by the operator's command, and by ending its worker.</summary>
[Collection<Redundant>]
public sealed class DrainTests(RedundantSystem system, ITestOutputHelper output)
{
    /// <summary>On a busy machine; how brief the silence is elsewhere is measured by <c>ops/bench faults</c>.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(8), Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("janusId")]
    [InlineData("mixerId")]
    public async Task A_module_that_is_drained_gives_its_room_away_and_everybody_hears_on(string kind)
    {
        await using var hearers = await Hear();
        var module = await ModuleOf(hearers.Room, kind);
        try
        {
            Assert.Contains("drained", await Eventrtc("drain", module, "--wait"), StringComparison.Ordinal);
            Assert.NotEqual(module, await ModuleOf(hearers.Room, kind));
            await hearers.HearOn(output);
        }
        finally
        {
            await Eventrtc("unmark", module);
        }
    }

    [Theory]
    [InlineData("janusId")]
    [InlineData("mixerId")]
    public async Task A_worker_that_is_told_to_end_gives_its_room_away_first(string kind)
    {
        await using var hearers = await Hear();
        var module = await ModuleOf(hearers.Room, kind);
        var worker = (kind is "janusId" ? system.Deployment.JanusWorkers : system.Deployment.MixerWorkers)[module[^1] - '1'];
        await worker.Stop(); // deployments of tests do not wait for that; this one is to
        var patient = worker.Replica($"{worker.Name}-patient", ("JANUS_DRAIN_TIMEOUT", "30s"), ("MIXER_DRAIN_TIMEOUT", "30s"));
        try
        {
            await patient.Start();
            await Eventually.True(() => system.Rooms.IsForwarding(hearers.Room), Soon, "the room goes on with the new worker");
            await hearers.HearOn(output);

            ProcessTable.Send(patient.ProcessId!.Value, Signal.Terminate);
            await Eventually.True(() => !patient.IsRunning, TimeSpan.FromSeconds(40), $"{patient.Name} has ended");

            Assert.NotEqual(module, await ModuleOf(hearers.Room, kind));
            await hearers.HearOn(output);
        }
        finally
        {
            await patient.DisposeAsync();
            await worker.Start();
        }
    }

    private async Task<Hearers> Hear()
    {
        var anchors = await TwoAnchors.GoOnAir(system.Deployment, system.Rooms);
        await Eventually.True(async () => await new Listener(system.Rooms, anchors.Room).ToneRatio() >= Listener.Distinct, Soon, "the tone is heard");
        var listener = await HearingListener.TuneIn(system.Deployment.Web, anchors.Room, await Tone.MakeWav(system.Deployment.Folder, 100, volume: 0));
        return new Hearers(anchors, listener, await Silence.Begin(anchors.Ada), await Silence.Begin(anchors.Grace));
    }

    private async Task<string> ModuleOf(string room, string kind) => (await system.Rooms.Find(room))!.Value.GetProperty(kind).GetString()!;

    private async Task<string> Eventrtc(params string[] arguments)
    {
        await using var command = await ChildProcess.Start(new ProcessSpec("dotnet", [Checkout.Assembly("ops/EventRtc.Ops"), .. arguments])
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROOMS_URL"] = $"{system.Deployment.Web}" },
        });
        var code = await command.Exited;
        var said = string.Join('\n', command.LastLines);
        Assert.True(code == 0, said);
        return said;
    }

    private sealed record Hearers(TwoAnchors Anchors, HearingListener Listener, Silence Adas, Silence Graces) : IAsyncDisposable
    {
        public string Room => Anchors.Room;

        /// <summary>The anchors hear each other and the listener hears them; nobody heard nothing for long since the beginning.</summary>
        public async Task HearOn(ITestOutputHelper output)
        {
            await Anchors.HearEachOther();
            await Listener.HearsOn(TimeSpan.FromSeconds(10));
            TimeSpan[] silences = [await Adas.Longest(Soon), await Graces.Longest(Soon), await Listener.LongestSilence()];
            output.WriteLine($"Silences of the anchors and the listener: {string.Join(", ", silences.Select(silence => $"{silence.TotalMilliseconds:0} ms"))}");
            Assert.All(silences, silence => Assert.InRange(silence, TimeSpan.Zero, Brief));
        }

        public async ValueTask DisposeAsync()
        {
            await Listener.DisposeAsync();
            await Anchors.DisposeAsync();
        }
    }
}
