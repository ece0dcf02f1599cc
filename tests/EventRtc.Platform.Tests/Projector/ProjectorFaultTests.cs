using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Streams;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Commands go on while parts fail; in the end etcd shows every room as its events make it.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class ProjectorFaultTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task Two_relays_and_two_projectors_agree()
    {
        pipeline.StartRelay();
        pipeline.StartRelay();
        pipeline.StartProjector("projector-1");
        pipeline.StartProjector("projector-2");

        await LiveAndPartlyDie();

        await Settled();
    }

    [Fact]
    public async Task Redis_loses_everything()
    {
        await WhileRoomsLive(async () => await pipeline.Redis.ExecuteAsync(["FLUSHALL"]));

        await Settled();
    }

    [Fact]
    public async Task Redis_is_killed_and_comes_back()
    {
        await WhileRoomsLive(() => servers.Redis.Restart());

        await Settled();
    }

    [Fact]
    public async Task Etcd_is_killed_and_comes_back()
    {
        await WhileRoomsLive(() => servers.Etcd.Restart());

        await Settled();
    }

    [Fact]
    public async Task Etcd_freezes_for_a_while()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.Settled(Rooms[0]);

        await servers.Etcd.Freeze();
        try
        {
            await LiveAndPartlyDie(Rooms[1..]);
        }
        finally
        {
            servers.Etcd.Thaw();
        }

        await Settled();
    }

    [Fact]
    public async Task What_a_dead_projector_had_got_is_taken_over()
    {
        pipeline.StartRelay();
        await LiveAndPartlyDie();
        await pipeline.CompletelyRelayed();
        await pipeline.Streams.CreateGroups(default);
        Assert.NotEmpty(await pipeline.Streams.ReadNew("projector-dead", TimeSpan.FromMilliseconds(10), default));

        pipeline.StartProjector();

        await Settled();
    }

    [Fact]
    public async Task What_a_projector_had_got_before_its_restart_comes_first()
    {
        pipeline.StartRelay();
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.CompletelyRelayed();
        Assert.NotEmpty(await pipeline.Streams.ReadNew("projector-1", TimeSpan.FromMilliseconds(10), default));

        pipeline.StartProjector("projector-1");

        await pipeline.Settled(Rooms[0]);
        Assert.Equal(0, await pipeline.Pending());
    }

    [Fact]
    public async Task What_is_not_a_rooms_event_is_put_aside()
    {
        pipeline.StartBoth();
        var id = Guid.NewGuid();
        await pipeline.Store.Append(new StreamId("mixer-m1"), StreamTip.None, [new NewEvent(id, "marked", "A, B", "{}", Noon)], new EventHeaders("test", id, "test"));
        await pipeline.CompletelyRelayed();
        await pipeline.Redis.StreamAddAsync(pipeline.Streams.Keys[0], [new NameValueEntry("hello", "world")], "1-1");

        await pipeline.PutOnAir(Rooms[0], Noon);

        await pipeline.Settled(Rooms[0]);
        await Eventually.True(async () => await pipeline.Pending() == 0, Pipeline.Soon, "nothing is left pending");
    }

    private async Task WhileRoomsLive(Func<Task> fault)
    {
        pipeline.StartBoth();
        pipeline.StartProjector("projector-2");
        var living = LiveAndPartlyDie();
        await Eventually.True(async () => (await pipeline.Etcd.List(pipeline.Keys.AppliedPrefix)).Items.Count > 2, Pipeline.Soon, "rooms are under way");
        await fault();
        await living;
    }

    private Task LiveAndPartlyDie() => LiveAndPartlyDie(Rooms);

    private Task LiveAndPartlyDie(IEnumerable<RoomId> rooms) => Task.WhenAll(rooms.Select(async (room, n) =>
    {
        await pipeline.PutOnAir(room, Noon);
        if (n % 3 == 0)
            await pipeline.Remove(room, Noon);
    }));

    private async Task Settled()
    {
        await pipeline.Settled(Rooms);
        await pipeline.CompletelyRelayed();
    }
}
