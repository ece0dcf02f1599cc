using System.Text;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projector;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Whatever happened to etcd, a rebuild makes it show the log again, and touches nothing that is right.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RebuildTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task Nothing_is_touched_where_everything_is_right()
    {
        await LiveAndStop();
        var before = await AllKeys();

        var report = await pipeline.Rebuild.Run(dryRun: false);

        Assert.Equal((0, 0, 0, 0), (report.RoomsChanged, report.Created, report.Changed, report.Deleted));
        Assert.Equal(12, report.Rooms);
        Assert.Equal(before, await AllKeys());
    }

    [Fact]
    public async Task Lost_wrong_and_extra_keys_are_repaired_and_watchers_hear_of_nothing_else()
    {
        await LiveAndStop();
        var right = await AllKeys();
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Room(Rooms[1]));
        await pipeline.Etcd.Delete(pipeline.Keys.AppliedKey(Rooms[2]));
        await pipeline.Etcd.Put(pipeline.Keys.Mixer(Rooms[4]), "{}"u8.ToArray());
        await pipeline.Etcd.Put(pipeline.Keys.AppliedKey(Rooms[5]), "3"u8.ToArray());
        await pipeline.Etcd.Put(pipeline.Keys.AppliedKey(Rooms[7]), "999"u8.ToArray());
        await pipeline.Etcd.Put("/rooms/ghost/meta", "{}"u8.ToArray());
        await pipeline.Etcd.Put("/rooms/not a room/meta", "{}"u8.ToArray());
        await pipeline.Etcd.Put("/rooms/room-8/notes", "{}"u8.ToArray());
        await pipeline.Etcd.Put("/projections/rooms/phantom", "4"u8.ToArray());
        await pipeline.Etcd.Put(pipeline.Keys.Meta(Rooms[0]), "{}"u8.ToArray()); // a deleted room
        var damaged = (await pipeline.Etcd.List("")).Revision;

        var dry = await pipeline.Rebuild.Run(dryRun: true);
        Assert.Equal(damaged, (await pipeline.Etcd.List("")).Revision);
        var report = await pipeline.Rebuild.Run(dryRun: false);

        Assert.Equal((10, 5, 3, 5), (report.RoomsChanged, report.Created, report.Changed, report.Deleted));
        Assert.Equal(Named(dry), Named(report));
        Assert.Equal(right, await AllKeys());
        var heard = await pipeline.ChangedSince(damaged + 1, report.Created + report.Changed + report.Deleted);
        Assert.Equal(Named(report).Select(key => key.Key).Order(), heard.Order());
        Assert.Equal(0, (await pipeline.Rebuild.Run(dryRun: false)).RoomsChanged);
    }

    [Fact]
    public async Task An_emptied_etcd_is_filled_again()
    {
        await LiveAndStop();
        var right = await AllKeys();
        await pipeline.DropAllOfRooms();

        await pipeline.Rebuild.Run(dryRun: false);

        // The tombstones of deleted rooms need not come back.
        Assert.Equal(right.Where(item => !item.Leased), await AllKeys());
    }

    [Fact]
    public async Task Commands_flow_meanwhile_and_nothing_goes_back()
    {
        pipeline.StartBoth();
        pipeline.StartProjector("projector-2");
        var living = Task.WhenAll(Rooms.Select(async (room, n) =>
        {
            await pipeline.PutOnAir(room, Noon);
            if (n % 3 == 0)
                await pipeline.Remove(room, Noon);
            await pipeline.Etcd.DeletePrefix(pipeline.Keys.Room(room));
        }));
        while (!living.IsCompleted)
            await pipeline.Rebuild.Run(dryRun: false);
        await living;

        await pipeline.CompletelyRelayed();
        await Eventually.True(async () => await pipeline.Projected(), Pipeline.Soon, "all events are projected");
        await pipeline.Rebuild.Run(dryRun: false);
        foreach (var room in Rooms)
            Assert.Equal(await pipeline.Wanted(room), await pipeline.Shown(room));
    }

    [Fact]
    public async Task A_room_that_is_created_while_orphans_are_deleted_is_safe()
    {
        await pipeline.Etcd.Put(pipeline.Keys.Meta(Rooms[0]), "{}"u8.ToArray());
        var plan = RebuildPlan.Compare(pipeline.Keys, await FoldedLog.Read(pipeline.Store), await ShownRooms.Read(pipeline.Etcd, pipeline.Keys, default));
        Assert.Equal(1, plan.Count);

        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.Rebuild.Write(plan, new RebuildReport(false, 0, 0), _ => { }, default);

        await pipeline.Settled(Rooms[0]);
    }

    [Fact]
    public async Task A_run_that_was_stopped_is_finished_by_the_next_one()
    {
        await LiveAndStop();
        var right = await AllKeys();
        await pipeline.DropAllOfRooms();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.Rebuild.Run(dryRun: false, progress =>
        {
            if (progress.Rooms == 3)
                stop.Cancel();
        }, stop.Token));
        var left = (await pipeline.Rebuild.Run(dryRun: false)).RoomsChanged;

        Assert.InRange(left, 0, 5);
        Assert.Equal(right.Where(item => !item.Leased), await AllKeys());
    }

    [Fact]
    public async Task One_room_is_rebuilt_alone()
    {
        await LiveAndStop();
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Room(Rooms[1]));
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Room(Rooms[2]));

        Assert.Equal(4, (await pipeline.Rebuild.Run(Rooms[1], dryRun: true)).Created);
        Assert.Empty((await pipeline.Etcd.List(pipeline.Keys.Room(Rooms[1]))).Items);
        Assert.Equal(4, (await pipeline.Rebuild.Run(Rooms[1], dryRun: false)).Created);

        Assert.Equal(await pipeline.Wanted(Rooms[1]), await pipeline.Shown(Rooms[1]));
        Assert.True((await pipeline.Shown(Rooms[2])).IsEmpty);
    }

    [Fact]
    public async Task Views_that_somebody_dropped_are_written_again_by_a_projector_that_remembers_them()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Rooms[1], Noon);
        await pipeline.Settled(Rooms[1]);
        await pipeline.Etcd.Delete(pipeline.Keys.Meta(Rooms[1]));

        await pipeline.Command(new ReportForwardingStopped(Rooms[1], Pipeline.Janus, Noon));

        await pipeline.Settled(Rooms[1]);
    }

    [Fact]
    public async Task A_degraded_room_is_marked_and_its_event_parked_by_a_rebuild_too()
    {
        await pipeline.PutOnAir(Rooms[1], Noon);
        await pipeline.AppendPoison(Rooms[1], 5);

        await pipeline.Rebuild.Run(dryRun: false);

        Assert.Equal(6, (await pipeline.Shown(Rooms[1])).Degraded?.Position);
        Assert.Equal(6, Assert.Single(await pipeline.Store.Parked.List()).Position.Value);
    }

    /// <summary>Every third room is removed again; then nobody works any more.</summary>
    private async Task LiveAndStop()
    {
        pipeline.StartBoth();
        await Task.WhenAll(Rooms.Select(async (room, n) =>
        {
            await pipeline.PutOnAir(room, Noon);
            if (n % 3 == 0)
                await pipeline.Remove(room, Noon);
        }));
        await pipeline.Settled(Rooms);
        await pipeline.StopLast();
        await pipeline.StopLast();
    }

    private async Task<List<(string Key, string Value, bool Leased)>> AllKeys() =>
        [.. (await pipeline.AllOfRooms()).Select(item => (item.Key, Encoding.UTF8.GetString(item.Value.Span), item.Lease != 0))];

    private static IEnumerable<RebuildReport.ChangedKey> Named(RebuildReport report) => report.Keys.OrderBy(key => key.Key, StringComparer.Ordinal);
}
