using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Projector;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>An event that cannot be read holds up its room and nothing else, until an operator retries or skips it.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class ParkingTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");
    private static readonly RoomId Other = new("other");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_room_with_an_unknown_event_is_degraded_and_others_go_on()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.AppendPoison(Lobby, 5);

        await pipeline.PutOnAir(Other, Noon);

        await pipeline.Settled(Other);
        await pipeline.WaitUntilDegraded(Lobby);
        var shown = await pipeline.Shown(Lobby);
        Assert.Equal(new DegradedView(6, 6, "room_of_tomorrow", "This program knows no such event."), shown.Degraded);
        Assert.Equal("onair", shown.Live?.Status);
        Assert.Equal(5, await pipeline.Applied(Lobby));
        Assert.Equal((6, "room_of_tomorrow"), Assert.Single(await pipeline.Store.Parked.List()) is var parked ? (parked.Position.Value, parked.Type) : default);
        await Eventually.True(async () => await pipeline.Pending() == 0, Pipeline.Soon, "nothing is left pending");
    }

    [Fact]
    public async Task A_room_that_begins_with_an_unreadable_body_is_degraded()
    {
        pipeline.StartBoth();

        await pipeline.AppendPoison(Lobby, 0, "room_created", """{"room":"lobby","pin":null}""");

        await pipeline.WaitUntilDegraded(Lobby);
        Assert.Equal("The body is not that of such an event, at $.pin.", (await pipeline.Shown(Lobby)).Degraded?.Reason);
        Assert.Equal(0, await pipeline.Applied(Lobby));
    }

    [Fact]
    public async Task Later_events_of_a_degraded_room_change_nothing_and_are_acknowledged()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.AppendPoison(Lobby, 5);
        await pipeline.WaitUntilDegraded(Lobby);
        var before = (await pipeline.AllOfRooms()).Select(item => (item.Key, item.ModRevision));

        await pipeline.Append(Lobby, 6, new RoomEvent.RemovalRequested(Lobby, "asked", Noon));

        await pipeline.CompletelyRelayed();
        await Eventually.True(async () => await pipeline.Projected(), Pipeline.Soon, "all events were handed out and acknowledged");
        Assert.Equal(before, (await pipeline.AllOfRooms()).Select(item => (item.Key, item.ModRevision)));
    }

    [Fact]
    public async Task Skipping_leaves_the_event_out_and_lets_the_room_go_on()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.AppendPoison(Lobby, 5);
        await pipeline.Append(Lobby, 6, new RoomEvent.RemovalRequested(Lobby, "asked", Noon));
        await pipeline.WaitUntilDegraded(Lobby);

        var outcome = await pipeline.Parking.Skip(new Position(6), "ada");

        Assert.Null(outcome?.Waiting);
        Assert.Equal("ada", outcome?.Event.SkippedBy);
        Assert.Equal(("removing", null), (await pipeline.Shown(Lobby)) is var shown ? (shown.Live?.Status, shown.Degraded) : default);
        Assert.Equal(7, await pipeline.Applied(Lobby));
        await pipeline.Append(Lobby, 7, new RoomEvent.ForwardingStopped(Lobby, Pipeline.Janus, Noon));
        await Eventually.True(async () => await pipeline.Applied(Lobby) == 8, Pipeline.Soon, "the next event is projected");
    }

    [Fact]
    public async Task Retrying_finds_the_event_still_unreadable_or_heals_the_room()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.AppendPoison(Lobby, 5, "removal_requested", "{}");
        await pipeline.WaitUntilDegraded(Lobby);

        Assert.Equal(6, (await pipeline.Parking.Retry(new Position(6)))?.Waiting?.Position.Value);
        Assert.NotNull((await pipeline.Shown(Lobby)).Degraded);

        // As if a program came that can read it.
        await pipeline.Sql("""update mt_events set data = '{"room":"lobby","reason":"asked","at":"2026-03-01T12:00:00Z"}' where seq_id = 6""");
        Assert.Null((await pipeline.Parking.Retry(new Position(6)))?.Waiting);
        Assert.Equal(("removing", null), (await pipeline.Shown(Lobby)) is var shown ? (shown.Live?.Status, shown.Degraded) : default);
        Assert.Empty(await pipeline.Store.Parked.List());
    }

    [Fact]
    public async Task A_position_that_is_not_parked_is_neither_retried_nor_skipped()
    {
        Assert.Null(await pipeline.Parking.Retry(new Position(99)));
        Assert.Null(await pipeline.Parking.Skip(new Position(99), "ada"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("strange")]
    [InlineData("-")]
    [InlineData("room-")]
    [InlineData("room-a b/../c")]
    [InlineData("order-17")]
    [InlineData("mixer-a b")]
    [InlineData("日本-語")]
    public async Task A_foreign_row_is_parked_and_stops_nothing(string stream)
    {
        pipeline.StartBoth();
        await pipeline.InsertForeign(stream);
        await pipeline.InsertForeign("audit-notes");

        await pipeline.PutOnAir(Lobby, Noon);

        await pipeline.Settled(Lobby);
        await pipeline.CompletelyRelayed();
        await Eventually.True(async () => await pipeline.Projected(), Pipeline.Soon, "all events were handed out and acknowledged");
        var parked = Assert.Single(await pipeline.Store.Parked.List());
        Assert.Equal((stream, "The stream is of no family that this program knows."), (parked.Stream.Value, parked.Reason));
        Assert.NotNull((await pipeline.Parking.Retry(parked.Position))?.Waiting);
        Assert.Null((await pipeline.Parking.Skip(parked.Position, "ada"))?.Waiting);
    }

    [Fact]
    public async Task Keys_that_hold_rubbish_are_written_anew_by_the_next_event()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Settled(Lobby);
        await pipeline.Etcd.Put(pipeline.Keys.AppliedKey(Lobby), "rubbish"u8.ToArray());
        await pipeline.Etcd.Put(pipeline.Keys.Meta(Lobby), "rubbish"u8.ToArray());

        await pipeline.Command(new ReportForwardingStopped(Lobby, Pipeline.Janus, Noon));

        await pipeline.Settled(Lobby);
    }
}
