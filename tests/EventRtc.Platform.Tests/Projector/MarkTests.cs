using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Projector;
using Xunit;
using static EventRtc.Domain.ModuleCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>From an operator's mark to the key that placement reads, and back when somebody lost it.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class MarkTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly ModuleRef Janus = new(ModuleKind.Janus, new ModuleId("janus-1"));
    private static readonly ModuleRef Mixer = new(ModuleKind.Mixer, new ModuleId("janus-1"));

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_mark_without_an_end_is_shown_until_it_is_removed()
    {
        pipeline.StartBoth();

        await Mark(Janus, "cordon");
        await Shows(Janus, "cordon");
        Assert.Equal(("{\"label\":\"cordon\"}", 0), await pipeline.Etcd.Get("/januses/janus-1/mark") is { } key ? (Encoding.UTF8.GetString(key.Value.Span), key.Lease) : default);
        Assert.Null(await Shown(Mixer));

        await pipeline.Command(new RemoveMark(Janus.Kind, Janus.Id, Now));
        await Shows(Janus, null);
        Assert.Equal(2, await Applied(Janus));
    }

    [Fact]
    public async Task A_mark_with_an_end_is_leased_for_what_is_left_and_ends_by_itself()
    {
        pipeline.StartBoth();

        await pipeline.Command(new MarkModule(Mixer.Kind, Mixer.Id, "cordon", TimeSpan.FromSeconds(600), Now.AddSeconds(-300)));
        await Shows(Mixer, "cordon");
        Assert.InRange((await Left(Mixer))!.Value.TotalSeconds, 200, 301);

        await Mark(Mixer, "draining", ttl: 2);
        await Eventually.True(async () => await Applied(Mixer) == 2, Pipeline.Soon, "the second mark is applied");
        await Shows(Mixer, null);
        Assert.Empty(await pipeline.Modules.Difference(Mixer, default));
    }

    [Fact]
    public async Task A_mark_that_ended_before_it_was_projected_is_never_shown()
    {
        await pipeline.Command(new MarkModule(Janus.Kind, Janus.Id, "cordon", TimeSpan.FromSeconds(10), Now.AddSeconds(-11)));

        pipeline.StartBoth();

        await Eventually.True(async () => await Applied(Janus) == 1, Pipeline.Soon, "the mark is applied");
        Assert.Null(await Shown(Janus));
    }

    [Fact]
    public async Task A_late_or_repeated_event_leaves_a_newer_mark_as_it_is()
    {
        await Mark(Janus, "cordon", ttl: 3600);
        await Mark(Janus, "draining", ttl: 3600);
        pipeline.StartBoth();
        await Shows(Janus, "draining");
        var before = await pipeline.Etcd.Get("/januses/janus-1/mark");

        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.ExecuteAsync(["XGROUP", "SETID", key, "projector", "0"]);

        await Eventually.True(async () => await pipeline.Projected(), Pipeline.Soon, "all events were handed out and acknowledged again");
        Assert.Equal((before!.Value.ModRevision, before.Value.Lease), await pipeline.Etcd.Get("/januses/janus-1/mark") is { } now ? (now.ModRevision, now.Lease) : default);
    }

    [Fact]
    public async Task A_gap_is_filled_from_the_store()
    {
        await Mark(Janus, "cordon");
        await Mark(Janus, "unready");
        await Mark(Janus, "draining");
        pipeline.StartProjector();

        // As if Redis had lost what came before.
        await pipeline.Streams.Append(1, pipeline.Streams.NewBatch(default).Add([(await pipeline.Store.ReadStream(new StreamId("janus-janus-1")))[1]]), default);

        await Shows(Janus, "draining");
        Assert.Equal(3, await Applied(Janus));
    }

    [Fact]
    public async Task Many_at_once_never_show_an_older_mark_after_a_newer_one()
    {
        pipeline.StartBoth();
        pipeline.StartProjector("projector-2");
        var revision = (await pipeline.Etcd.List("")).Revision;
        const int marks = 40;
        var refreshing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (await Applied(Janus) != marks)
                await pipeline.Modules.Refresh(Janus, default);
        }));

        for (var n = 0; n < marks; n++)
            await Mark(Janus, n % 2 == 0 ? "cordon" : "draining", ttl: n + 100);
        await refreshing.WaitAsync(Pipeline.Soon);

        var versions = new List<long>();
        await foreach (var batch in pipeline.Etcd.Watch("/projections/januses/", revision + 1))
        {
            versions.AddRange(batch.Events.Select(e => long.Parse(Encoding.UTF8.GetString(e.Item.Value.Span))));
            if (versions.Count > 0 && versions[^1] == marks)
                break;
        }
        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal("draining", await Shown(Janus));
        Assert.Empty(await pipeline.Modules.Difference(Janus, default));
    }

    [Fact]
    public async Task Refreshing_gives_back_what_is_left_of_a_lost_mark_and_touches_no_other()
    {
        await pipeline.Command(new MarkModule(Janus.Kind, Janus.Id, "draining", TimeSpan.FromSeconds(600), Now.AddSeconds(-300)));
        Assert.Equal(2, (await pipeline.Modules.Refresh(Janus, default)).Count);
        Assert.Empty(await pipeline.Modules.Refresh(Janus, default));
        await pipeline.Etcd.Delete("/januses/janus-1/mark");

        Assert.Equal(new KeyChange(KeyChangeKind.Created, "/januses/janus-1/mark"), Assert.Single(await pipeline.Modules.Refresh(Janus, default)) with { Value = null, Leased = false });

        Assert.InRange((await Left(Janus))!.Value.TotalSeconds, 200, 301);
    }

    [Fact]
    public async Task A_lease_that_lasts_longer_than_the_mark_is_replaced()
    {
        await Mark(Janus, "cordon", ttl: 60);
        await pipeline.Modules.Refresh(Janus, default);
        var lease = await pipeline.Etcd.GrantLease(TimeSpan.FromSeconds(3600));
        await pipeline.Etcd.Put("/januses/janus-1/mark", "{\"label\":\"cordon\"}"u8.ToArray(), lease); // as an etcd that was restarted does

        Assert.Equal(KeyChangeKind.Changed, Assert.Single(await pipeline.Modules.Refresh(Janus, default)).Kind);

        Assert.InRange((await Left(Janus))!.Value.TotalSeconds, 0, 61);
    }

    [Fact]
    public async Task Rebuild_and_verify_know_marks()
    {
        pipeline.StartBoth();
        await Mark(Janus, "draining", ttl: 3600);
        await Mark(Mixer, "unready");
        await Shows(Janus, "draining");
        await Shows(Mixer, "unready");
        await pipeline.CompletelyRelayed();
        Assert.Empty((await pipeline.Verify.Run()).Findings);
        Assert.Equal(0, (await pipeline.Rebuild.Run(dryRun: false)).ModulesChanged);

        await pipeline.Etcd.Delete("/januses/janus-1/mark");
        await pipeline.Etcd.Put("/mixers/janus-1/mark", "{\"label\":\"ready\"}"u8.ToArray());
        await pipeline.Etcd.Put("/mixers/stranger/mark", "{\"label\":\"ready\"}"u8.ToArray());
        await pipeline.Etcd.Put("/mixers/stranger/heartbeat", "{}"u8.ToArray());

        Assert.Equal(
            [("missing_key", "/januses/janus-1/mark"), ("wrong_key", "/mixers/janus-1/mark"), ("extra_key", "/mixers/stranger/mark")],
            (await pipeline.Verify.Run()).Findings.Select(finding => (finding.Kind, finding.Where)));
        Assert.Equal((3, 1, 1, 1), await pipeline.Rebuild.Run(dryRun: true) is var dry ? (dry.ModulesChanged, dry.Created, dry.Changed, dry.Deleted) : default);
        Assert.Null(await Shown(Janus));
        Assert.Equal((3, 1, 1, 1), await pipeline.Rebuild.Run(dryRun: false) is var report ? (report.ModulesChanged, report.Created, report.Changed, report.Deleted) : default);

        Assert.Equal(("draining", "unready"), (await Shown(Janus), await Shown(Mixer)));
        Assert.InRange((await Left(Janus))!.Value.TotalSeconds, 3300, 3600);
        Assert.NotNull(await pipeline.Etcd.Get("/mixers/stranger/heartbeat"));
        Assert.Empty((await pipeline.Verify.Run()).Findings);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_parked_until_it_is_skipped_and_the_mark_stays()
    {
        pipeline.StartBoth();
        await Mark(Janus, "cordon");
        await Shows(Janus, "cordon");
        await Append("module_blessed", "{}");
        await Append("module_marked", """{"kind":"janus","module":"janus-1","label":"unready","at":"2026-03-01T12:00:00Z"}""");

        var parked = await Eventually.Value(async () => (await pipeline.Store.Parked.List()).SingleOrDefault(), Pipeline.Soon, "the event is parked");
        Assert.Equal(("module_blessed", "janus-janus-1", 2), (parked.Type, parked.Stream.Value, parked.Version));
        Assert.Equal(("cordon", 1), (await Shown(Janus), await Applied(Janus)));
        Assert.Equal(["undecodable_event"], (await pipeline.Verify.Run()).Findings.Select(finding => finding.Kind));

        Assert.NotNull((await pipeline.Parking.Retry(parked.Position))?.Waiting);
        Assert.Null((await pipeline.Parking.Skip(parked.Position, "ada"))?.Waiting);
        Assert.Equal(("unready", 3), (await Shown(Janus), await Applied(Janus)));
        await pipeline.CompletelyRelayed();
        Assert.Empty((await pipeline.Verify.Run()).Findings);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private Task Mark(ModuleRef module, string label, double ttl = 0) => pipeline.Command(new MarkModule(module.Kind, module.Id, label, TimeSpan.FromSeconds(ttl), Now));

    private async Task Append(string type, string json)
    {
        var stream = new StreamId("janus-janus-1");
        var id = Guid.NewGuid();
        Assert.IsType<AppendResult.Appended>(await pipeline.Store.Append(
            stream, (await pipeline.Store.ReadStream(stream))[^1].Tip, [new NewEvent(id, type, "A, B", json, Now)], new EventHeaders("test", id, "test")));
    }

    private Task Shows(ModuleRef module, string? label) => Eventually.True(async () => await Shown(module) == label, Pipeline.Soon, $"{module} shows {label ?? "no mark"}");

    private async Task<string?> Shown(ModuleRef module) =>
        await pipeline.Etcd.Get(KeysOf(module).Mark(module.Id)) is { } found ? System.Text.Json.JsonSerializer.Deserialize<Mark>(found.Value.Span, DomainJson.Options)!.Label : null;

    private async Task<TimeSpan?> Left(ModuleRef module) => await pipeline.Etcd.Get(KeysOf(module).Mark(module.Id)) is { } found ? await pipeline.Etcd.TimeToLive(found.Lease) : null;

    private async Task<long?> Applied(ModuleRef module) =>
        await pipeline.Etcd.Get(KeysOf(module).AppliedKey(module.Id)) is { } applied ? long.Parse(Encoding.UTF8.GetString(applied.Value.Span)) : null;

    private static ModuleKeys KeysOf(ModuleRef module) => new(module.Kind is ModuleKind.Janus ? ModuleKeys.JanusPrefix : ModuleKeys.MixerPrefix);
}
