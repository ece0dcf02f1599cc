using System.Text;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>From a command to the keys that workers act on.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class ViewTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_room_on_air_shows_all_its_views()
    {
        pipeline.StartBoth();

        await pipeline.PutOnAir(Lobby, Noon);

        await pipeline.Settled(Lobby);
        Assert.Equal(
            new RoomViews(
                new RoomMeta("ab12cd", "rooms/lobby/stream.m3u8", 3, Noon),
                new LiveMeta("onair", Pipeline.Mixer, Pipeline.Janus, "nonce-1", Noon),
                new JanusView(Pipeline.Janus, 4711, "forwarding", Noon),
                new MixerView(Pipeline.Mixer, "127.0.0.1", 5004, 8090)),
            await pipeline.Shown(Lobby));
    }

    [Fact]
    public async Task A_removed_room_leaves_nothing_but_a_version_that_expires()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Remove(Lobby, Noon);
        await pipeline.Settled(Lobby);

        Assert.Empty((await pipeline.Etcd.List(pipeline.Keys.Prefix)).Items);
        var tombstone = Assert.Single((await pipeline.Etcd.List("")).Items, item => item.Key != Pipeline.LeaderKey);
        Assert.Equal(pipeline.Keys.AppliedKey(Lobby), tombstone.Key);
        Assert.NotEqual(0, tombstone.Lease);
    }

    [Fact]
    public async Task A_room_created_again_lives_on_without_an_end()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Remove(Lobby, Noon);
        await pipeline.Settled(Lobby);

        await pipeline.Command(new CreateRoom(Lobby, "zz99zz", 2, Noon));

        await pipeline.Settled(Lobby);
        Assert.Equal("zz99zz", (await pipeline.Shown(Lobby)).Meta?.Pin);
        Assert.All((await pipeline.Etcd.List("")).Items.Where(item => item.Key != Pipeline.LeaderKey), item => Assert.Equal(0, item.Lease));
    }

    [Fact]
    public async Task Late_redeliveries_do_not_revive_a_deleted_room()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Remove(Lobby, Noon);
        await pipeline.Settled(Lobby);
        var revision = (await pipeline.Etcd.List("")).Revision;

        await DeliverAllAgain();
        Assert.Equal(revision, (await pipeline.Etcd.List("")).Revision);

        // Neither do they when its tombstone has expired: then the store tells that the room is gone.
        await pipeline.Etcd.Delete(pipeline.Keys.AppliedKey(Lobby));
        await DeliverAllAgain();
        await Eventually.True(async () => await pipeline.Applied(Lobby) is not null, Pipeline.Soon, "there is a tombstone again");
        Assert.Equal([pipeline.Keys.AppliedKey(Lobby), pipeline.Keys.AppliedKey(Lobby)], await pipeline.ChangedSince(revision + 1, untilAtLeast: 2));
    }

    [Fact]
    public async Task A_gap_is_filled_from_the_store()
    {
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Streams.Append(1, pipeline.Streams.NewBatch(default).Add(await pipeline.Store.ReadAll(default, 2)), default);
        pipeline.StartProjector();
        await Eventually.True(async () => await pipeline.Applied(Lobby) is not null, Pipeline.Soon, "the first events are projected");
        await pipeline.Etcd.Put(pipeline.Keys.AppliedKey(Lobby), "2"u8.ToArray());
        await pipeline.Command(new RemoveRoom(Lobby, "asked", Noon));

        // As if Redis had lost all between.
        var last = (await pipeline.Store.ReadStream(Pipeline.StreamOf(Lobby)))[^1];
        await pipeline.Streams.Append(1, pipeline.Streams.NewBatch(new(2)).Add([last]), default);

        await pipeline.Settled(Lobby);
    }

    [Fact]
    public async Task Dropped_views_come_back_with_the_rooms_next_event()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Settled(Lobby);
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Prefix);

        await pipeline.Command(new ReportForwardingStopped(Lobby, Pipeline.Janus, Noon));

        await pipeline.Settled(Lobby);
    }

    /// <summary>It finds less than there was, when it first reads the room or when its write is refused, and nobody tells it so.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dropped_view_comes_back_with_an_event_that_another_projector_takes(bool wrote)
    {
        await pipeline.PutOnAir(Lobby, Noon);
        if (wrote)
            await pipeline.Projection.Apply(Lobby, await Events(from: 1), default);
        await pipeline.Command(new ReportForwardingStopped(Lobby, Pipeline.Janus, Noon));
        pipeline.StartBoth();
        await pipeline.Settled(Lobby);
        await pipeline.StopLast();
        await pipeline.Etcd.Delete(pipeline.Keys.Of(Lobby, ViewKind.Janus));

        await pipeline.Command(new AdmitAnchor(Lobby, new UserId(Guid.NewGuid()), Role.Anchor, Noon));
        await pipeline.Projection.Apply(Lobby, await Events(from: wrote ? 6 : 7), default);

        Assert.Equal(await pipeline.Wanted(Lobby), await pipeline.Shown(Lobby));
    }

    [Fact]
    public async Task An_event_that_changes_no_view_touches_no_view()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Settled(Lobby);
        var before = (await pipeline.Etcd.List(pipeline.Keys.Prefix)).Items.Select(item => item.ModRevision);

        await pipeline.Command(new AdmitAnchor(Lobby, new UserId(Guid.NewGuid()), Role.Anchor, Noon));

        await pipeline.Settled(Lobby);
        Assert.Equal(before, (await pipeline.Etcd.List(pipeline.Keys.Prefix)).Items.Select(item => item.ModRevision));
    }

    private async Task<IEnumerable<RecordedEvent>> Events(long from) => (await pipeline.Store.ReadStream(Pipeline.StreamOf(Lobby))).Where(e => e.Version >= from);

    /// <summary>Sets the group back to the first event and waits until it has been through.</summary>
    private async Task DeliverAllAgain()
    {
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.ExecuteAsync(["XGROUP", "SETID", key, "projector", "0"]);
        await Eventually.True(async () =>
        {
            foreach (var key in pipeline.Streams.Keys)
            {
                var group = (await pipeline.Redis.ExecuteAsync(["XINFO", "GROUPS", key]))[0];
                var pending = (long)group[5];
                var lastDelivered = (string)group[7]!;
                if (pending > 0 || await pipeline.Redis.StreamRangeAsync(key, $"({lastDelivered}") is { Count: > 0 })
                    return false;
            }
            return true;
        }, Pipeline.Soon, "the group has been through all events again");
    }
}
