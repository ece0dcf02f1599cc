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
        var old = Enumerable.Range(0, 5).Select(_ => new NewEvent(Guid.NewGuid(), "room_of_tomorrow", "A, B", "{}", TimeProvider.System.GetUtcNow().AddMinutes(-2)));
        await pipeline.Store.Append(Pipeline.StreamOf(Lobby), StreamTip.None, [.. old], new EventHeaders("test", Guid.NewGuid(), "test"));
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
    public void It_reads_well() => Assert.Equal("12 events, 0.3 s", $"{new Lag(12, TimeSpan.FromSeconds(0.3))}");
}
