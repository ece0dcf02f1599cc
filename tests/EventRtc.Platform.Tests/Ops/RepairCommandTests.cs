using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Platform.Tests.Projector;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>rebuild, verify without a file, and parked, as processes on real servers.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RepairCommandTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync()
    {
        pipeline = await Pipeline.Open(servers);
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.Settled(Lobby);
    }

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_rebuild_says_what_it_would_change_and_then_what_it_changed()
    {
        Assert.Contains("Every key is right.", (await Run("rebuild")).MustSucceed(), StringComparison.Ordinal);
        await pipeline.Etcd.Delete(pipeline.Keys.Mixer(Lobby));

        var dry = (await Run("rebuild", "--dry-run")).MustSucceed();
        Assert.Contains("created  /rooms/lobby/mixer", dry, StringComparison.Ordinal);
        Assert.Contains("Keys that would be changed: 1 created, 0 changed, 0 deleted, in 1 rooms.", dry, StringComparison.Ordinal);
        Assert.Null((await pipeline.Shown(Lobby)).Mixer);

        var json = JsonElement.Parse((await Run("rebuild", "--room", "lobby", "--json")).MustSucceed());
        Assert.Equal((1, 5), (json.GetProperty("created").GetInt32(), json.GetProperty("events").GetInt32()));
        Assert.NotNull((await pipeline.Shown(Lobby)).Mixer);
    }

    [Fact]
    public async Task Verify_ends_with_1_and_a_list_when_something_is_wrong()
    {
        Assert.Contains("Everything is as it has to be.", (await Run("verify")).MustSucceed(), StringComparison.Ordinal);
        await pipeline.Sql("update mt_events set data = jsonb_set(data, '{nonce}', '\"stolen\"') where seq_id = 2");

        var found = await Run("verify");
        Assert.Equal(1, found.Code);
        Assert.Contains("hash_mismatch      2: Stream 'room-lobby', version 2: its content is not what was hashed.", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", found.Output, StringComparison.Ordinal);

        var json = await Run("verify", "--json");
        Assert.Equal((1, 1), (json.Code, json.Json.GetProperty("counts").GetProperty("hash_mismatch").GetInt32()));
    }

    [Fact]
    public async Task Parked_events_are_listed_retried_and_skipped()
    {
        Assert.Equal("Nothing is parked.", (await Run("parked", "list")).MustSucceed().Trim());
        await pipeline.AppendPoison(Lobby, 5);
        await pipeline.WaitUntilDegraded(Lobby);

        Assert.Contains("room_of_tomorrow", (await Run("parked", "list")).MustSucceed(), StringComparison.Ordinal);
        Assert.Equal(6, JsonElement.Parse((await Run("parked", "list", "--json")).MustSucceed()).GetProperty("position").GetInt32());
        var retried = await Run("parked", "retry", "6");
        Assert.Equal((1, "6 'room_of_tomorrow' in room-lobby still cannot be read: This program knows no such event."), (retried.Code, retried.Output.Trim()));
        Assert.Equal(1, (await Run("parked", "retry", "--all")).Code);

        Assert.Equal("6 'room_of_tomorrow' in room-lobby is left out from now on. Nothing holds room-lobby up.", (await Run("parked", "skip", "6", "--by", "ann")).MustSucceed().Trim());
        Assert.Null((await pipeline.Shown(Lobby)).Degraded);
        Assert.Contains("by ann", (await Run("parked", "list")).MustSucceed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line()
    {
        (await Run("parked", "skip", "99")).MustEndWith(1, "No event at position 99 is parked.");
        (await Run("parked", "retry")).MustEndWith(1, "--all");
        (await Run("rebuild", "--room", "a b")).MustEndWith(1, "'a b'");
        (await Run(("ETCD_ENDPOINTS", "127.0.0.1:1"), "rebuild")).MustEndWith(2, "127.0.0.1:1");
        (await Run(("REDIS_ADDR", "127.0.0.1:1"), "verify")).MustEndWith(2, "127.0.0.1:1");
        (await Run(("POSTGRES_DSN", "postgres://postgres@127.0.0.1:1/eventrtc"), "parked", "list")).MustEndWith(2, "127.0.0.1:1");
    }

    [Fact]
    public async Task Help_teaches_by_an_example()
    {
        foreach (var command in (string[][])[["rebuild"], ["verify"], ["parked"], ["parked", "list"], ["parked", "retry"], ["parked", "skip"]])
            Assert.Contains($"Example: eventrtc {command[0]}", (await Run([.. command, "--help"])).MustSucceed().ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private Task<Ran> Run(params string[] arguments) => Run(("ETCD_ENDPOINTS", servers.Etcd.Address), arguments);

    private Task<Ran> Run((string Name, string Value) variable, params string[] arguments) => OpsRig.Run(
        new Dictionary<string, string?>
        {
            ["POSTGRES_DSN"] = pipeline.Database,
            ["ETCD_ENDPOINTS"] = servers.Etcd.Address,
            ["REDIS_ADDR"] = servers.Redis.Address,
            [variable.Name] = variable.Value,
        }, Path.GetTempPath(), arguments);
}
