using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>The lag counts from the oldest event that is not projected, wherever it waits.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class LagTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");

    private readonly DateTimeOffset twoMinutesAgo = TimeProvider.System.GetUtcNow().AddMinutes(-2);
    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task An_empty_store_has_no_lag() => Assert.Equal(Lag.None, await pipeline.Lag.Measure(default));

    [Fact]
    public async Task Whoever_has_caught_up_has_no_lag()
    {
        pipeline.StartBoth();

        await pipeline.PutOnAir(Lobby, TimeProvider.System.GetUtcNow());

        await Eventually.True(async () => await pipeline.Lag.Measure(default) == Lag.None, Pipeline.Soon, "there is no lag");
    }

    [Fact]
    public async Task Events_wait_for_the_relay_then_for_a_projector_then_for_their_acknowledgement()
    {
        await AppendFiveOf(twoMinutesAgo);
        await Lags(5);

        pipeline.StartRelay();
        await pipeline.CompletelyRelayed();
        await Lags(5);

        await pipeline.Streams.CreateGroups(default);
        var got = Assert.Single(await pipeline.Streams.ReadNew("projector-dead", TimeSpan.FromMilliseconds(10), default));
        await Lags(5);

        await pipeline.Streams.Acknowledge(got.Key, [got.Entries[0].Id], default);
        await Lags(4);
        await pipeline.Streams.Acknowledge(got.Key, [.. got.Entries.Select(entry => entry.Id)], default);
        Assert.Equal(Lag.None, await pipeline.Lag.Measure(default));

        async Task Lags(long events)
        {
            var lag = await pipeline.Lag.Measure(default);
            Assert.Equal(events, lag.Events);
            Assert.InRange(lag.Age, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        }
    }

    [Fact]
    public async Task While_Redis_is_frozen_the_lag_grows_with_what_happens()
    {
        using var shown = new ShownGauges("EventRtc.Projector");
        var meter = pipeline.Lag;
        pipeline.StartBoth();
        pipeline.Start(meter.Run);
        await pipeline.PutOnAir(Lobby, TimeProvider.System.GetUtcNow());
        await Eventually.True(async () => await meter.Measure(default) == Lag.None, Pipeline.Soon, "there is no lag");

        await servers.Redis.Freeze();
        try
        {
            await AppendFiveOf(twoMinutesAgo);

            await Eventually.True(() => shown.Of("eventrtc.projector.lag.events").Contains(5), Pipeline.Soon, "what nobody can show yet is counted");
            Assert.Contains(shown.Of("eventrtc.projector.lag.age"), age => age is >= 120 and < 180);
        }
        finally
        {
            servers.Redis.Thaw();
        }
    }

    [Fact]
    public void What_was_measured_long_ago_is_not_shown()
    {
        using var shown = new ShownGauges("EventRtc.Projector");
        var time = new ManualTime();
        var metrics = new LagMetrics(time);
        metrics.Measured(new Lag(4711, TimeSpan.FromSeconds(4712)));
        metrics.Parked(4713);
        Assert.Equal((true, true, true), AreShown());

        time.Advance(LagMetrics.GoodFor);

        Assert.Equal((false, false, false), AreShown());

        (bool, bool, bool) AreShown() => (
            shown.Of("eventrtc.projector.lag.events").Contains(4711), shown.Of("eventrtc.projector.lag.age").Contains(4712), shown.Of("eventrtc.parked.events").Contains(4713));
    }

    [Fact]
    public void It_reads_well() => Assert.Equal("12 events, 0.3 s", $"{new Lag(12, TimeSpan.FromSeconds(0.3))}");

    private async Task AppendFiveOf(DateTimeOffset then)
    {
        var old = Enumerable.Range(0, 5).Select(_ => new NewEvent(Guid.NewGuid(), "room_of_tomorrow", "A, B", "{}", then));
        await pipeline.Store.Append(Pipeline.StreamOf(new RoomId("studio")), StreamTip.None, [.. old], new EventHeaders("test", Guid.NewGuid(), "test"));
    }
}
