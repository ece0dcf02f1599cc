using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Local;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Views that vanish without the log saying so come back by themselves, and no other key is touched.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class HealingTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];
    private static readonly RoomId[] Removed = [new("gone-1"), new("gone-2")];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync()
    {
        pipeline = await Pipeline.Open(servers);
        pipeline.StartBoth();
        foreach (var room in Rooms.Concat(Removed))
            await pipeline.PutOnAir(room, Noon);
        foreach (var room in Removed)
            await pipeline.Remove(room, Noon);
        await pipeline.Settled([.. Rooms, .. Removed]);
    }

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task All_views_dropped_at_once_come_back_and_deleted_rooms_do_not()
    {
        pipeline.StartHealing();
        await Compared();
        var before = await pipeline.AllOfRooms();

        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Prefix);

        await Shown(before);
    }

    [Fact]
    public async Task One_dropped_view_comes_back_and_no_other_key_is_touched()
    {
        pipeline.StartHealing();
        await Compared();
        var before = await pipeline.AllOfRooms();
        var revision = (await pipeline.Etcd.List("")).Revision;

        await pipeline.Etcd.Delete(pipeline.Keys.Live(Rooms[3]));
        await Shown(before);

        string[] twice = [pipeline.Keys.Live(Rooms[3]), pipeline.Keys.Live(Rooms[3])];
        Assert.Equal(twice, await pipeline.ChangedSince(revision + 1, untilAtLeast: 2));
    }

    [Fact]
    public async Task What_was_dropped_while_nobody_watched_comes_back_at_the_next_start()
    {
        pipeline.StartHealing();
        await Compared();
        await pipeline.StopLast();
        var before = await pipeline.AllOfRooms();
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Prefix);

        pipeline.StartHealing();

        await Shown(before);
    }

    [Theory]
    [InlineData("livemeta")]
    [InlineData("meta")]
    [InlineData("janus")]
    [InlineData("mixer")]
    public async Task One_view_that_was_dropped_while_nobody_watched_comes_back_at_the_next_start(string view)
    {
        pipeline.StartHealing();
        await Compared();
        await pipeline.StopLast();
        var before = await pipeline.AllOfRooms();
        await pipeline.Etcd.Delete($"{pipeline.Keys.Room(Rooms[3])}{view}");

        pipeline.StartHealing();

        await Shown(before);
    }

    [Fact]
    public async Task An_etcd_that_lost_everything_is_filled_again()
    {
        pipeline.StartHealing();
        await Compared();
        await pipeline.StopLast();
        var before = await pipeline.AllOfRooms();
        await pipeline.Etcd.DeletePrefix("");

        pipeline.StartHealing();

        await Shown([.. before.Where(item => item.Lease == 0)]); // tombstones of deleted rooms need not come back
    }

    [Fact]
    public async Task Rooms_go_on_living_while_views_are_dropped_again_and_again()
    {
        pipeline.StartHealing();
        await Compared();
        var random = new Random(2026);
        for (var step = 0; step < 40; step++)
        {
            var room = Rooms[random.Next(Rooms.Length)];
            await pipeline.Command(new AdmitAnchor(room, new UserId(Guid.NewGuid()), Role.Guest, Noon));
            if (step % 4 == 0)
                await pipeline.Etcd.DeletePrefix(random.Next(3) == 0 ? pipeline.Keys.Prefix : pipeline.Keys.Room(room));
        }
        foreach (var room in Rooms[..4])
            await pipeline.Remove(room, Noon);

        await pipeline.Settled(Rooms);
        Assert.DoesNotContain(await pipeline.AllOfRooms(), item => Rooms[..4].Any(room => item.Key.StartsWith(pipeline.Keys.Room(room), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dropped_mark_comes_back_with_what_is_left_of_its_time()
    {
        var module = new ModuleRef(ModuleKind.Janus, Pipeline.Janus);
        await pipeline.Command(new ModuleCommand.MarkModule(module.Kind, module.Id, ModuleLabels.Cordon, TimeSpan.FromHours(1), TimeProvider.System.GetUtcNow()));
        pipeline.StartHealing();
        await Marked();

        await pipeline.Etcd.DeletePrefix("/januses/");

        await Marked();
        var mark = (await pipeline.Etcd.Get("/januses/janus-1/mark"))!.Value;
        Assert.InRange((await pipeline.Etcd.TimeToLive(mark.Lease))!.Value.TotalMinutes, 55, 60);

        Task Marked() => Eventually.True(async () => await pipeline.Etcd.Get("/januses/janus-1/mark") is not null, Pipeline.Soon, "the mark is shown");
    }

    private Task Compared() => Eventually.True(async () => await pipeline.Etcd.Get("/compared/rooms/") is not null, Pipeline.Soon, "etcd is compared with the log");

    /// <summary>The same keys and values, whatever their revisions.</summary>
    private Task Shown(IReadOnlyList<EtcdKeyValue> wanted) =>
        Eventually.True(async () => Texts(await pipeline.AllOfRooms()).SequenceEqual(Texts(wanted)), Pipeline.Soon, "etcd shows what it showed");

    private static IEnumerable<(string, string)> Texts(IEnumerable<EtcdKeyValue> items) =>
        items.Select(item => (item.Key, Convert.ToHexString(item.Value.Span))).Order();
}
