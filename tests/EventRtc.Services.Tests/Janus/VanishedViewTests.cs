using EventRtc.Domain;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

/// <summary>A vanished view is no wish to stop: only what the log says ends a room.</summary>
public sealed class VanishedViewTests(JanusRig rig) : IClassFixture<JanusRig>
{
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task A_room_whose_views_vanish_keeps_its_bridge_and_its_forwarder()
    {
        var room = await rig.Forwarding(15_100);
        var (held, steps, views) = (await rig.HeldOf(room), rooms.Steps(room).ToList(), rooms.Views(room));

        await rig.LoseViews(room);
        await rig.HasAsked(room);
        Assert.Equal(held, await rig.HeldOf(room));

        await rooms.Show(room, views); // healed
        await rig.Forwarding(15_102); // shows that the worker has seen it
        Assert.Equal(held, await rig.HeldOf(room));
        Assert.Equal(steps, rooms.Steps(room));
    }

    [Fact]
    public async Task Views_that_vanish_while_the_worker_is_down_take_nothing_with_them()
    {
        var room = await rig.Forwarding(15_104);
        var held = await rig.HeldOf(room);

        await rig.WhileKilled(() => rig.LoseViews(room));
        await rig.HasAsked(room);

        Assert.Equal(held, await rig.HeldOf(room));
    }

    [Fact]
    public async Task A_room_that_ended_while_the_worker_was_down_is_cleaned_up()
    {
        var room = await rig.Forwarding(15_106);

        await rig.WhileKilled(() => rooms.Do(
            new RoomCommand.RemoveRoom(room, "test", RoomsInMemory.Now), new RoomCommand.DiscardRoom(room, RoomsInMemory.Now)));

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "the bridge is gone");
        Assert.NotEqual(0, rooms.Questions(room));
    }

    [Fact]
    public async Task Nothing_is_torn_down_while_nobody_says_what_the_log_has()
    {
        var room = await rig.Forwarding(15_108);
        var held = await rig.HeldOf(room);

        await rig.Redis.Freeze();
        await rig.LoseViews(room);
        await Eventually.True(() => Failures(room) >= 2, WorkerRig.Patience, "the worker asks in vain, twice");
        Assert.Equal(held, await rig.HeldOf(room));
        rig.Redis.Thaw();

        await rig.HasAsked(room);
        Assert.Equal(held, await rig.HeldOf(room));
    }

    [Theory]
    [InlineData("meta"), InlineData("janus"), InlineData("mixer")]
    public async Task A_single_view_that_vanishes_changes_nothing_either(string view)
    {
        var room = await rig.Forwarding(15_110);
        var (held, views) = (await rig.HeldOf(room), rooms.Views(room));

        await rooms.Show(room, view switch
        {
            "meta" => views with { Meta = null },
            "janus" => views with { Janus = null },
            _ => views with { Mixer = null },
        });
        await rig.Forwarding(15_112); // shows that the worker has seen it

        Assert.Equal(held, await rig.HeldOf(room));
        Assert.DoesNotContain(nameof(RoomEvent.ForwardingStopped), rooms.Steps(room));
    }

    /// <summary>How often looking at the room failed, by the worker's own words.</summary>
    private int Failures(RoomId room) => File.ReadLines(rig.Worker.LogFile).Count(line => line.Contains($"{room} failed", StringComparison.Ordinal));
}
