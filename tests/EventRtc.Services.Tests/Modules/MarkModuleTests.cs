using System.Net.Http.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary>The marks of modules over REST.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class MarkModuleTests(ControlPlane plane) : IAsyncDisposable
{
    private readonly ModuleRig rig = new(plane);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [InlineData(ModuleKind.Janus, "januses")]
    [InlineData(ModuleKind.Mixer, "mixers")]
    public async Task A_mark_is_answered_shown_and_taken_away(ModuleKind kind, string type)
    {
        var module = ModuleRig.New(kind);

        var marked = await rig.Mark(module, "cordon", ttl: 600);

        Assert.Equal(200, marked.Status);
        Assert.Equal($$"""{"module":{"type":"{{type}}","id":"{{module.Id}}","label":"cordon","ttl":600},"success":true}""", marked.Body.GetRawText());
        await rig.Shows(module, "cordon");
        Assert.InRange((await rig.Left(module))!.Value.TotalSeconds, 500, 600);

        Assert.Equal(200, (await plane.Rooms.Delete($"/api/modules/{module}/mark")).Status);
        await rig.Shows(module, null);
        Assert.Equal(200, (await plane.Rooms.Delete($"/api/modules/{module}/mark")).Status);
        Assert.Equal(["cordon by anonymous", "removed by anonymous"], await rig.History(module));
    }

    [Fact]
    public async Task A_mark_without_a_time_has_no_end_and_a_later_one_takes_its_place()
    {
        var module = ModuleRig.New();
        Assert.Equal(0, (await plane.Rooms.Put($"/api/modules/{module}/mark", new { label = "unready" })).Body.GetProperty("module").GetProperty("ttl").GetInt32());
        await rig.Shows(module, "unready");
        Assert.Null(await rig.Left(module));

        await rig.MarkAndSee(module, "ready", ttl: 86400);
        Assert.NotNull(await rig.Left(module));
        await rig.Mark(module, "draining", ttl: 1);
        await rig.Shows(module, null);
    }

    [Theory]
    [InlineData("januses", "a.b", """{"label":"cordon"}""", "id: must be 1 to 63 of A-Z a-z 0-9 _ -")]
    [InlineData("gateways", "g1", """{"label":"cordon"}""", "type: must be januses or mixers")]
    [InlineData("januses", "j1", """{"label":"closed"}""", "label: must be one of ready, cordon, draining, drained, unready")]
    [InlineData("januses", "j1", """{"label":7}""", "label: must be one of ready, cordon, draining, drained, unready")]
    [InlineData("januses", "j1", "{}", "label: must be one of ready, cordon, draining, drained, unready")]
    [InlineData("januses", "j1", "[]", "body: must be a JSON object")]
    [InlineData("januses", "j1", """{"label":"cordon","ttl":-1}""", "ttl: must be a whole number of seconds from 0 (no end) to 86400")]
    [InlineData("januses", "j1", """{"label":"cordon","ttl":86401}""", "ttl: must be a whole number of seconds from 0 (no end) to 86400")]
    [InlineData("januses", "j1", """{"label":"cordon","ttl":1.5}""", "ttl: must be a whole number of seconds from 0 (no end) to 86400")]
    [InlineData("januses", "j1", """{"label":"cordon","ttl":"60"}""", "ttl: must be a whole number of seconds from 0 (no end) to 86400")]
    public async Task A_fault_is_named(string type, string id, string body, string fault)
    {
        var answer = await plane.Rooms.Send(HttpMethod.Put, $"/api/modules/{type}/{id}/mark", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
        Assert.Equal([fault], answer.Details);
    }

    [Fact]
    public async Task All_faults_are_named_at_once_also_where_a_mark_is_taken_away()
    {
        Assert.Equal(["type", "id", "label", "ttl"], (await plane.Rooms.Put("/api/modules/x/a.b/mark", new { label = "x", ttl = -1 })).Details.Select(fault => fault.Split(':')[0]));
        Assert.Equal(["type", "id"], (await plane.Rooms.Delete("/api/modules/x/a.b/mark")).Details.Select(fault => fault.Split(':')[0]));
    }

    [Fact]
    public async Task A_repeated_call_is_answered_as_the_first_time_and_recorded_once()
    {
        var (module, key) = (ModuleRig.New(), Guid.NewGuid().ToString());
        var path = $"/api/modules/{module}/mark";

        var first = await plane.Rooms.Put(path, new { label = "cordon", ttl = 600 }, key);
        await rig.Mark(module, "unready");
        var again = await plane.Rooms.Put(path, new { label = "cordon", ttl = 600 }, key);
        var removed = await plane.Rooms.Delete(path, key);
        await rig.Mark(module, "ready");
        await plane.Rooms.Delete(path, key);

        Assert.Equal((first.Status, first.Body.GetRawText()), (again.Status, again.Body.GetRawText()));
        Assert.Equal(200, removed.Status);
        Assert.Equal(["cordon by anonymous", "unready by anonymous", "removed by anonymous", "ready by anonymous"], await rig.History(module));
        await rig.Shows(module, "ready");
    }

    [Fact]
    public async Task The_record_names_the_operator()
    {
        var module = ModuleRig.New();

        await plane.Rooms.Send(HttpMethod.Put, $"/api/modules/{module}/mark", JsonContent.Create(new { label = "cordon" }), token: plane.StaffToken(StaffRole.Operator));

        Assert.Equal(["cordon by operator:ann"], await rig.History(module));
    }

    [Fact]
    public async Task No_room_is_placed_on_a_module_that_is_cordoned()
    {
        var janus = new ModuleRef(ModuleKind.Janus, ControlPlane.Janus);
        await rig.MarkAndSee(janus, "cordon");
        await Eventually.True(async () => (await plane.Rooms.Post("/api/rooms", new { start = true })).Code == "no_capacity", ControlPlane.Patience, "no room can be started");

        await plane.Rooms.Delete($"/api/modules/{janus}/mark");
        await plane.OfferModules();
    }

    [Fact]
    public async Task The_list_has_what_lives_what_is_marked_and_what_is_gone_with_rooms()
    {
        var (living, marked, gone) = (ModuleRig.New(), ModuleRig.New(ModuleKind.Mixer), ModuleRig.New());
        await rig.Beat(living, streams: 2, status: Heartbeat.Stopping);
        await rig.MarkAndSee(marked, "drained");
        var room = await rig.Assign(gone);

        var listed = await Eventually.Value(async () => await rig.Listed(living) is not null && await rig.Listed(marked) is not null ? await rig.Listed(gone) is { } json ? json.GetRawText() : null : null, ControlPlane.Patience, "all are listed");

        Assert.Equal($$"""{"type":"januses","id":"{{gone.Id}}","streams":1}""", listed);
        Assert.Equal($$"""{"type":"mixers","id":"{{marked.Id}}","label":"drained","streams":0}""", (await rig.Listed(marked))!.Value.GetRawText());
        Assert.Equal(
            $$$"""{"type":"januses","id":"{{{living.Id}}}","heartbeat":{"status":"stopping","host":"here","startedAt":"1970-01-01T00:00:00+00:00","streams":2},"streams":0,"capacity":0}""",
            (await rig.Listed(living))!.Value.GetRawText());
        var all = (await plane.Rooms.Get("/api/modules")).Body;
        Assert.Equal(all.Items("modules").Count, all.GetProperty("count").GetInt32());
        Assert.Equal(all.Items("modules").Select(NameOf).Order(StringComparer.Ordinal), all.Items("modules").Select(NameOf));

        await rig.Remove(room);
        await Eventually.True(async () => await rig.Listed(gone) is null, ControlPlane.Patience, "what is gone with its rooms is listed no more");
    }

    [Fact]
    public async Task While_its_servers_are_away_nothing_is_promised_and_nothing_made_up()
    {
        var module = ModuleRig.New();
        await plane.Deployment.Postgres.Kill();
        var marked = await rig.Mark(module, "cordon");
        await plane.Deployment.Postgres.Start();
        Assert.Equal((503, true), (marked.Status, marked.Retryable));
        await Eventually.True(async () => (await rig.Mark(module, "cordon")).Status == 200, ControlPlane.Patience, "the same call succeeds");

        await plane.Deployment.Etcd.Kill();
        await Eventually.True(async () => (await plane.Rooms.Get("/api/modules")).Status == 503, ControlPlane.Patience, "an old list is not given out for ever");
        await plane.Deployment.Etcd.Start();
        await Eventually.True(async () => (await plane.Rooms.Get("/api/modules")).Status == 200 && await rig.Shown(module) == "cordon", ControlPlane.Patience, "the list is back");
    }

    private static string NameOf(System.Text.Json.JsonElement module) => $"{module.Text("type")}/{module.Text("id")}";
}
