using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>What the rooms services do with rooms whose Janus or mixer cannot hold them.</summary>
public sealed class MovesTests(MovesRig rig, ITestOutputHelper output) : IClassFixture<MovesRig>, IAsyncLifetime
{
    private readonly List<TestModule> modules = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await rig.RemoveRooms();
        foreach (var module in modules)
            await module.DisposeAsync();
        await rig.WithoutModules();
    }

    [Fact]
    public async Task The_rooms_of_a_janus_whose_lease_ends_go_to_another_one_under_their_nonce()
    {
        var (a, _) = (Janus("a1"), Mixer("x1"));
        var rooms = await rig.Start(3);
        var before = await rig.Shown();
        var b = Janus("b1");

        await a.Kill();

        await AreWith(ModuleKind.Janus, b, rooms);
        foreach (var room in rooms)
        {
            Assert.Equal(before[room] with { JanusId = b.Id }, (await rig.Shown())[room]);
            Assert.Equal(["janus_gone"], await rig.Moves(room));
        }
    }

    [Theory]
    [InlineData(Heartbeat.Unwell, null, "mixer_unstable")]
    [InlineData(Heartbeat.Stopping, null, "mixer_unstable")]
    [InlineData(Heartbeat.Healthy, ModuleLabels.Unready, "mixer_unstable")]
    [InlineData(Heartbeat.Healthy, ModuleLabels.Draining, "mixer_draining")]
    public async Task A_module_that_says_or_is_said_to_be_unfit_loses_its_rooms(string status, string? label, string reason)
    {
        var (_, x) = (Janus("a3"), Mixer("x3"));
        var room = Assert.Single(await rig.Start(1));
        var y = Mixer("y3");

        if (label is not null)
            await x.Mark(label);
        await x.Say(status);

        await AreWith(ModuleKind.Mixer, y, [room]);
        Assert.Equal([reason], await rig.Moves(room));
    }

    [Fact]
    public async Task Rooms_stay_with_a_module_that_is_gone_until_another_one_comes()
    {
        var (a, _) = (Janus("a4"), Mixer("x4"));
        var room = Assert.Single(await rig.Start(1));
        await a.DisposeAsync();
        modules.Remove(a);
        Assert.Empty(await rig.Moves(room));

        await AreWith(ModuleKind.Janus, Janus("b4"), [room]);
    }

    [Fact]
    public async Task Heartbeats_that_are_deleted_by_hand_move_nothing()
    {
        var (a, _, _, _) = (Janus("a5"), Mixer("x5"), Janus("b5"), Mixer("y5"));
        await AreThere(4);
        var rooms = await rig.Start(10);
        var witnesses = await Witnesses(rooms, a);

        await rig.Etcd.DeletePrefix(ModuleKeys.JanusPrefix);
        await rig.Etcd.DeletePrefix(ModuleKeys.MixerPrefix);

        await AreThere(4);
        foreach (var room in rooms)
            Assert.Empty(await rig.Moves(room));
        await a.Kill();
        await HaveLeft(a);
        foreach (var room in rooms)
            Assert.Equal(witnesses.Contains(room) ? ["janus_gone"] : [], await rig.Moves(room));
    }

    [Fact]
    public async Task After_etcd_lost_its_data_nothing_moves_while_modules_come_back_one_by_one_and_who_never_does_loses_its_rooms()
    {
        var (a, x, b, y) = (Janus("a6"), Mixer("x6"), Janus("b6"), Mixer("y6"));
        await AreThere(4);
        var rooms = await rig.Start(10);
        var lost = await Witnesses(rooms, a);
        var views = (await rig.Etcd.List("/")).Items.Where(item => item.Lease == 0).ToList();

        foreach (var module in modules)
            module.Paused = true;
        await rig.EtcdServer.Kill();
        Directory.Delete(Path.Combine(rig.EtcdServer.Folder, "data"), recursive: true);
        var began = TimeProvider.System.GetTimestamp();
        await rig.EtcdServer.Start();
        foreach (var item in views)
            await rig.Etcd.Put(item.Key, item.Value);
        await rig.Leader();
        foreach (var (number, module) in ((TestModule[])[b, y, x]).Index())
        {
            module.Paused = false;
            await AreThere(number + 1);
        }

        await HaveLeft(a);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), MovesRig.AbsentFor, MovesRig.Patience);
        foreach (var room in rooms)
            Assert.Equal(lost.Contains(room) ? ["janus_gone"] : [], await rig.Moves(room));
    }

    [Fact]
    public async Task A_leader_that_is_killed_is_replaced()
    {
        var (a, _) = (Janus("a7"), Mixer("x7"));
        var room = Assert.Single(await rig.Start(1));
        var b = Janus("b7");
        var leader = await rig.Leader();

        await leader.Kill();
        try
        {
            await a.Kill();
            await AreWith(ModuleKind.Janus, b, [room]);
            Assert.NotEqual(leader, await rig.Leader());
        }
        finally
        {
            await leader.Start();
        }
        Assert.Equal(["janus_gone"], await rig.Moves(room));
    }

    [Fact]
    public async Task A_storm_is_spread_over_time_and_over_modules_and_loses_nothing()
    {
        var (a, _) = (Janus("a8"), Mixer("x8"));
        var rooms = await rig.Start(200, atOnce: true);
        TestModule[] others = [Janus("b8"), Janus("c8"), Janus("d8")];
        await AreThere(5);
        var began = TimeProvider.System.GetTimestamp();

        await a.Say(Heartbeat.Stopping);

        await HaveLeft(a);
        var took = TimeProvider.System.GetElapsedTime(began);
        var spread = await rig.Spread(ModuleKind.Janus);
        output.WriteLine($"200 rooms moved in {took.TotalSeconds:0.0} s: {string.Join(", ", spread)}");
        Assert.Equal(rooms.ToHashSet(), (await rig.Shown()).Keys.ToHashSet());
        Assert.All(others, other => Assert.InRange(spread[other.Id], 50, 84));
        Assert.InRange(took, TimeSpan.FromSeconds(15), MovesRig.Patience); // 10 at once and 10 a second
        foreach (var room in rooms)
            Assert.Single(await rig.Moves(room));
    }

    [Fact]
    public async Task A_module_is_drained_one_room_after_the_other()
    {
        var (a, _) = (Janus("a9"), Mixer("x9"));
        var rooms = await rig.Start(3);
        var b = Janus("b9");

        await a.Mark(ModuleLabels.Draining);

        foreach (var (number, room) in rooms.Index())
        {
            await AreWith(ModuleKind.Janus, b, rooms.Take(number + 1));
            Assert.Equal(number + 1, (await rig.Spread(ModuleKind.Janus))[b.Id]);
            await rig.Flows(room);
        }
        Assert.Equal(["janus_draining"], await rig.Moves(rooms[0]));
    }

    [Fact]
    public async Task The_youngest_rooms_beyond_a_modules_capacity_leave_it()
    {
        var (a, _) = (Janus("a10"), Mixer("x10"));
        var rooms = await rig.Start(5);
        var b = Janus("b10");

        await a.Say(Heartbeat.Healthy, capacity: 3);

        await AreWith(ModuleKind.Janus, b, rooms.Skip(3));
        await AreWith(ModuleKind.Janus, a, rooms.Take(3));
        Assert.Equal(["janus_overloaded"], await rig.Moves(rooms[^1]));
    }

    [Fact]
    public async Task A_burst_of_starts_over_two_services_spreads_and_corrects_what_it_overshoots()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Janus($"{name}11", capacity: 27);
            Mixer($"{name}11", capacity: 27);
        }
        await AreThere(8);

        await rig.Start(100, atOnce: true);

        foreach (var kind in ModuleKinds.All)
        {
            output.WriteLine($"{kind}: {string.Join(", ", await rig.Spread(kind))}");
            await Eventually.True(async () => (await rig.Spread(kind)).Values.All(held => held <= 27), MovesRig.Patience, "no module holds more than it can");
            Assert.All((await rig.Spread(kind)).Values, held => Assert.InRange(held, 19, 27));
        }
    }

    private TestModule Janus(string id, int capacity = 1000) => Add(rig.Janus(id, capacity));

    private TestModule Mixer(string id, int capacity = 1000) => Add(rig.Mixer(id, capacity));

    private TestModule Add(TestModule module)
    {
        modules.Add(module);
        return module;
    }

    private Task AreThere(int number) => Eventually.True(
        async () => (await rig.Etcd.List(ModuleKeys.JanusPrefix)).Items.Count + (await rig.Etcd.List(ModuleKeys.MixerPrefix)).Items.Count == number, MovesRig.Patience, "all heartbeats are there");

    private Task AreWith(ModuleKind kind, TestModule module, IEnumerable<RoomId> rooms) => Eventually.True(
        async () => await rig.Shown() is var shown && rooms.All(room => shown[room].ModuleOf(kind) == module.Id), MovesRig.Patience, $"the rooms are with {module.Id}");

    private Task HaveLeft(TestModule janus) => Eventually.True(async () => !(await rig.Spread(ModuleKind.Janus)).ContainsKey(janus.Id), MovesRig.Patience, $"no room is with {janus.Id}");

    /// <summary>The rooms of a module that is lost in the end: once they have moved, all the others have been looked at too.</summary>
    private async Task<IReadOnlyList<RoomId>> Witnesses(IReadOnlyList<RoomId> rooms, TestModule module)
    {
        var shown = await rig.Shown();
        var with = rooms.Where(room => shown[room].JanusId == module.Id).ToList();
        Assert.NotEmpty(with);
        return with;
    }
}
