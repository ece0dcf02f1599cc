using System.Text.RegularExpressions;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projector;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Real projector processes, killed and frozen while events are appended: in the end Redis is exactly the log, and etcd what it makes of the rooms.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RelayProcessTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 60).Select(n => new RoomId($"room-{n}"))];

    private readonly TestFolder folder = new();
    private Pipeline pipeline = null!;
    private ServiceProcess one = null!;
    private ServiceProcess two = null!;

    public async ValueTask InitializeAsync()
    {
        pipeline = await Pipeline.Open(servers);
        one = new ServiceProcess("projector-1", Path.Combine(folder.Path, "projector-1"), "projections/EventRtc.Projector", FreePort.Any(), new Dictionary<string, string?>
        {
            ["POSTGRES_DSN"] = pipeline.Database,
            ["JWT_SECRET"] = new('s', 32),
            ["REDIS_ADDR"] = servers.Redis.Address,
            ["ETCD_ENDPOINTS"] = servers.Etcd.Address,
            ["PROJECTOR_RECLAIM_AFTER"] = "500ms",
            ["PROJECTOR_LEADER_TTL"] = "1s",
        });
        two = one.Replica("projector-2");
        await Task.WhenAll(one.Start(), two.Start());
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await pipeline.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Whichever_leads_is_killed_again_and_again()
    {
        foreach (var rooms in Rooms.Chunk(10))
        {
            var (leader, before) = (await Leader(), await Relayed());
            var living = Live(rooms);
            await Eventually.True(async () => await Relayed() > before + 3, Pipeline.Soon, "it relays");
            await leader.Kill();
            await living;
            await leader.Start();
        }

        await Settled();
    }

    [Fact]
    public async Task A_leader_that_was_frozen_wakes_up_beside_its_successor()
    {
        var leader = await Leader();
        var living = Live(Rooms);
        await Eventually.True(async () => await Relayed() > 0, Pipeline.Soon, "it relays");

        await leader.Freeze();
        var successor = await Eventually.Value(async () => await Leader() is var other && other != leader ? other : null, Pipeline.Soon, "the other leads");
        leader.Thaw();
        await living;

        await Settled();
        Assert.Equal(successor, await Leader());
    }

    [Fact]
    public async Task Both_are_killed_at_once()
    {
        foreach (var rooms in Rooms.Chunk(20))
        {
            var before = await Relayed();
            var living = Live(rooms);
            await Eventually.True(async () => await Relayed() > before, Pipeline.Soon, "they work");
            await Task.WhenAll(one.Kill(), two.Kill());
            await living;
            await Task.WhenAll(one.Start(), two.Start());
        }

        await Settled();
    }

    [Fact]
    public async Task The_health_page_tells_the_lag()
    {
        using var http = new HttpClient();
        await pipeline.PutOnAir(Rooms[0], Noon);
        await Eventually.True(async () => (await http.GetStringAsync(new Uri(one.Url, "/health"))).Contains("ok   lag: 0 events, 0.0 s\n", StringComparison.Ordinal), Pipeline.Soon, "there is no lag");

        var old = new NewEvent(Guid.NewGuid(), "room_of_tomorrow", "A, B", "{}", TimeProvider.System.GetUtcNow().AddMinutes(-2));
        await pipeline.Store.Append(Pipeline.StreamOf(Rooms[1]), StreamTip.None, [old], new EventHeaders("test", Guid.NewGuid(), "test"));

        await Eventually.True(async () =>
        {
            using var answer = await http.GetAsync(new Uri(one.Url, "/health/ready"));
            var page = await answer.Content.ReadAsStringAsync();
            return !answer.IsSuccessStatusCode && Regex.IsMatch(page, @"away lag: 1 events, 1[2-5]\d\.\d s"); // a busy machine may look late
        }, Pipeline.Soon, "an event that cannot be projected is over two minutes old");
    }

    /// <summary>Rooms come and go, some at once.</summary>
    private async Task Live(IEnumerable<RoomId> rooms)
    {
        foreach (var three in rooms.Chunk(3))
        {
            await Task.WhenAll(three.Select(room => pipeline.PutOnAir(room, Noon)));
            await pipeline.Remove(three[0], Noon);
        }
    }

    private async Task<int> Relayed() => (await pipeline.Relayed()).Sum(positions => positions.Length);

    private Task<ServiceProcess> Leader() => Eventually.Value(async () => await pipeline.Etcd.Get(Pipeline.LeaderKey) is { } held
        ? new[] { one, two }.SingleOrDefault(process => process.IsRunning && System.Text.Encoding.UTF8.GetString(held.Value.Span).EndsWith($":{process.Port}", StringComparison.Ordinal))
        : null, Pipeline.Soon, "one of the two leads");

    private async Task Settled()
    {
        await pipeline.CompletelyRelayed();
        await pipeline.Settled(Rooms);
    }
}
