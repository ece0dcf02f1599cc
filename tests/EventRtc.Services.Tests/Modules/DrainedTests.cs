using EventRtc.Domain;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary>When housekeeping takes a drain for done.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class DrainedTests(ControlPlane plane) : IAsyncDisposable
{
    private readonly ModuleRig rig = new(plane);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [InlineData(ModuleKind.Janus)]
    [InlineData(ModuleKind.Mixer)]
    public async Task A_draining_module_without_rooms_is_drained_for_what_is_left_of_the_time(ModuleKind kind)
    {
        var module = ModuleRig.New(kind);
        await rig.Beat(module);
        await rig.MarkAndSee(module, "draining", ttl: 600);

        await (await rig.Housekeeping()).Report(CancellationToken.None);

        await rig.Shows(module, "drained");
        Assert.InRange((await rig.Left(module))!.Value.TotalSeconds, 500, 600);
        Assert.Equal(["draining by anonymous", "drained by housekeeping"], await rig.History(module));
    }

    [Fact]
    public async Task A_module_that_is_gone_is_drained_as_soon_as_no_room_is_assigned_to_it()
    {
        var module = ModuleRig.New();
        await rig.MarkAndSee(module, "draining");

        await (await rig.Housekeeping()).Report(CancellationToken.None);

        await rig.Shows(module, "drained");
        Assert.Null(await rig.Left(module));
    }

    [Fact]
    public async Task A_room_that_is_assigned_or_being_removed_keeps_its_module_draining()
    {
        var module = ModuleRig.New(ModuleKind.Mixer);
        await rig.Beat(module);
        var room = await rig.Assign(module);
        await rig.MarkAndSee(module, "draining");

        await (await rig.Housekeeping()).Report(CancellationToken.None);
        await rig.StartRemoving(room);
        await (await rig.Housekeeping()).Report(CancellationToken.None);
        Assert.Equal(["draining by anonymous"], await rig.History(module));

        await rig.Remove(room);
        await (await rig.Housekeeping()).Report(CancellationToken.None);
        await rig.Shows(module, "drained");
    }

    [Fact]
    public async Task A_module_that_says_it_still_holds_something_is_not_drained()
    {
        var module = ModuleRig.New();
        await rig.Beat(module, streams: 1, status: Heartbeat.Stopping);
        await rig.MarkAndSee(module, "draining");

        await (await rig.Housekeeping()).Report(CancellationToken.None);

        Assert.Equal(["draining by anonymous"], await rig.History(module));
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("cordon")]
    [InlineData("unready")]
    public async Task Other_marks_stay(string label)
    {
        var module = ModuleRig.New();
        await rig.MarkAndSee(module, label);

        await (await rig.Housekeeping()).Report(CancellationToken.None);

        Assert.Equal([$"{label} by anonymous"], await rig.History(module));
    }

    [Fact]
    public async Task An_operator_who_thought_better_of_it_is_not_overruled()
    {
        var module = ModuleRig.New();
        await rig.MarkAndSee(module, "draining");
        var housekeeping = await rig.Housekeeping();
        await plane.Deployment.Projector.Kill(); // so that housekeeping does not hear of it
        await plane.Rooms.Delete($"/api/modules/{module}/mark");

        await housekeeping.Report(CancellationToken.None);

        await plane.Deployment.Projector.Start();
        Assert.Equal(["draining by anonymous", "removed by anonymous"], await rig.History(module));
        await rig.Shows(module, null);
    }

    [Fact]
    public async Task Nothing_is_drained_before_everything_was_read()
    {
        var module = ModuleRig.New();
        await rig.MarkAndSee(module, "draining");

        await (await rig.Housekeeping(follows: false)).Report(CancellationToken.None);

        Assert.Equal(["draining by anonymous"], await rig.History(module));
    }

    [Fact]
    public async Task Several_at_once_record_it_once()
    {
        var module = ModuleRig.New();
        await rig.MarkAndSee(module, "draining");
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.Housekeeping()));

        await Task.WhenAll(all.Select(one => one.Report(CancellationToken.None)));

        Assert.Equal(["draining by anonymous", "drained by housekeeping"], await rig.History(module));
    }
}
