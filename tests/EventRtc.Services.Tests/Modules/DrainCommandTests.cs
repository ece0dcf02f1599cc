using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary><c>eventrtc drain</c> from the first room to the last, or to what stands in the way.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class DrainCommandTests(ControlPlane plane) : IAsyncDisposable
{
    private readonly ModuleRig rig = new(plane);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task Without_waiting_it_marks_and_says_what_comes()
    {
        var module = ModuleRig.New();

        Assert.Contains($"{module} is draining", (await Run("drain", $"{module}", "--ttl", "1h")).MustSucceed(), StringComparison.Ordinal);

        await rig.Shows(module, "draining");
        Assert.InRange((await rig.Left(module))!.Value.TotalMinutes, 50, 60);
    }

    [Fact]
    public async Task It_waits_until_the_module_reads_drained()
    {
        var module = ModuleRig.New(ModuleKind.Mixer);
        await rig.Beat(module);
        var room = await rig.Assign(module);
        await Eventually.True(async () => await rig.Listed(module) is not null, ControlPlane.Patience, "it is listed");
        var housekeeping = await rig.Housekeeping();
        using var drain = Start("drain", module.Id.Value, "--wait");
        await rig.Shows(module, "draining");
        await housekeeping.Report(CancellationToken.None);
        Assert.True(drain.IsRunning);

        await rig.Remove(room);
        await Eventually.True(async () =>
        {
            await housekeeping.Report(CancellationToken.None);
            return await rig.Shown(module) == "drained";
        }, ControlPlane.Patience, "it is drained");

        Assert.Equal($"{module} is drained: 1 room has moved away.", (await drain.Ended()).MustSucceed());
    }

    [Fact]
    public async Task At_the_time_out_it_says_that_others_can_take_the_rooms()
    {
        var module = ModuleRig.New();
        await rig.Beat(module);
        await rig.Assign(module);

        (await Run("drain", $"{module}", "--wait", "--timeout", "3s")).MustEndWith(1, $"{module} is not drained after 3s: 1 room is left, and others can take it.");

        Assert.Equal("draining", await rig.Shown(module));
    }

    [Fact]
    public async Task At_the_time_out_it_says_why_no_other_can_take_the_rooms()
    {
        var (module, gone) = (ModuleRig.New(), ModuleRig.New());
        await rig.Beat(module);
        await rig.Assign(module);
        await rig.MarkAndSee(gone, "ready", ttl: 600);
        await plane.WithdrawModules(janus: new Heartbeat(Heartbeat.Unwell, "here", 10, 0, DateTimeOffset.UnixEpoch));

        var ran = await Run("drain", $"{module}", "--wait", "--timeout", "3s");

        await plane.OfferModules();
        ran.MustEndWith(1, "1 room is left, and no other module can take it: ", "januses/janus-1 is unwell", $"{gone} gives no sign of life");
    }

    [Fact]
    public async Task It_says_when_nobody_takes_the_drain_for_done()
    {
        var module = ModuleRig.New();

        (await Run("drain", $"{module}", "--wait", "--timeout", "3s")).MustEndWith(1, "it holds no room, but nobody has marked it so.");
    }

    [Fact]
    public async Task It_gives_up_at_once_when_the_mark_was_taken_away()
    {
        var module = ModuleRig.New();
        await rig.Beat(module, streams: 1);
        using var drain = Start("drain", $"{module}", "--wait", "--timeout", "1h");
        await rig.Shows(module, "draining"); // its own mark, which would otherwise come between one of ours and a look at it
        await Eventually.True(async () =>
        {
            await rig.MarkAndSee(module, "cordon");
            await rig.MarkAndSee(module, "draining"); // it looks twice a second, so it meets both some time
            return !drain.IsRunning;
        }, ControlPlane.Patience, "the command ends");

        (await drain.Ended()).MustEndWith(1, $"{module} is not draining any more, it has the mark cordon");
    }

    private CommandLine Start(params string[] arguments) => CommandLine.Start(plane.Deployment.Rooms.Url, token: null, arguments);

    private Task<Ran> Run(params string[] arguments) => CommandLine.Run(plane.Deployment.Rooms.Url, token: null, arguments);
}
