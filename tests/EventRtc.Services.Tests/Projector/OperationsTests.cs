using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Projector;

/// <summary>What the operations page asks of the projector.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class OperationsTests(ControlPlane plane) : IDisposable
{
    private readonly Api projector = new(plane.Deployment.Projector.Url);

    public void Dispose() => projector.Dispose();

    [Fact]
    public async Task A_rebuild_goes_on_after_the_answer_and_tells_what_it_did()
    {
        var id = await plane.CreateForwarding();
        // The last event is shown: an earlier one would take away what is added here. A view that is dropped would come back by itself.
        await Eventually.True(async () => await plane.ViewOf<JanusView>(new ViewKeys().Janus(new RoomId(id))) is { Status: JanusStatus.Forwarding }, ControlPlane.Patience, "the room is shown");
        var strange = $"{new ViewKeys().Room(new RoomId(id))}notes";
        await plane.Etcd.Put(strange, "{}"u8.ToArray());

        var dry = await Rebuild(new { room = id, dryRun = true });
        Assert.Equal((1, true), (dry.GetProperty("report").GetProperty("deleted").GetInt32(), dry.GetProperty("report").GetProperty("dryRun").GetBoolean()));
        var all = await Rebuild(new { });

        Assert.Contains(all.GetProperty("report").Items("keys"), key => key.Text("key") == strange);
        Assert.Null(await plane.Etcd.Get(strange));
        Assert.True(all.GetProperty("progress").GetProperty("events").GetInt64() > 0);
    }

    [Fact]
    public async Task A_room_id_that_is_none_is_refused() =>
        Assert.Equal((400, "validation_failed"), await projector.Post("/api/rebuild", new { room = "a b" }) is var answer ? (answer.Status, answer.Code) : default);

    [Fact]
    public async Task Where_tokens_are_wanted_only_an_operator_operates()
    {
        await using var process = plane.Replica(plane.Deployment.Projector, ("AUTH_MODE", "token"));
        await process.Start();
        using var guarded = new Api(process.Url);

        foreach (var path in (string[])["/api/rebuild", "/api/parked"])
        {
            Assert.Equal(401, (await guarded.Get(path)).Status);
            Assert.Equal(403, (await guarded.Get(path, plane.StaffToken(StaffRole.Auditor))).Status);
            Assert.Equal(200, (await guarded.Get(path, plane.StaffToken(StaffRole.Operator))).Status);
        }
        Assert.Equal(401, (await guarded.Post("/api/rebuild", new { })).Status);
        Assert.Equal(401, (await guarded.Post("/api/parked/1/skip", new { })).Status);
    }

    [Fact]
    public async Task Verify_answers_with_its_report() =>
        Assert.True((await projector.Get("/api/verify")).Body.GetProperty("report").GetProperty("events").GetInt64() > 0);

    [Fact]
    public async Task Of_two_verifications_at_once_one_is_refused_and_the_other_goes_on()
    {
        Task<Answer>[] calls = [];
        var first = await WhileEtcdIsFrozen(() => Task.WhenAny(calls = [projector.Get("/api/verify"), projector.Get("/api/verify")]));

        Assert.Equal((409, "verify_running", true), await first is var refused ? (refused.Status, refused.Code, refused.Retryable) : default);
        Assert.Equal(200, (await calls.Single(call => call != first)).Status);
        Assert.Equal(200, (await projector.Get("/api/verify")).Status);
    }

    [Fact]
    public async Task A_verification_that_failed_is_in_nobody_s_way()
    {
        await plane.Deployment.Etcd.Kill();
        Assert.Equal((503, "unavailable"), await projector.Get("/api/verify") is var answer ? (answer.Status, answer.Code) : default);
        await plane.Deployment.Etcd.Start();

        await Eventually.True(async () => (await projector.Get("/api/verify")).Status == 200, ControlPlane.Patience, "a verification is done");
        await Eventually.True(async () => await plane.Rooms.Health() is (200, _) && await plane.Users.Health() is (200, _), ControlPlane.Patience, "the others are ready for the next test");
    }

    [Fact]
    public async Task While_a_rebuild_runs_another_is_refused()
    {
        var (first, second) = await WhileEtcdIsFrozen(async () => (await projector.Post("/api/rebuild", new { }), await projector.Post("/api/rebuild", new { dryRun = true })));

        Assert.Equal((202, 409, "rebuild_running", true), (first.Status, second.Status, second.Code, second.Retryable));
        Assert.False((await Rebuilt()).GetProperty("report").GetProperty("dryRun").GetBoolean());
    }

    [Fact]
    public async Task A_room_with_an_unreadable_event_is_shown_degraded_until_the_event_is_skipped()
    {
        var id = await plane.Create();
        var position = await AppendPoison(id);
        await Eventually.True(async () => await IsDegraded(id), ControlPlane.Patience, "the room is listed as degraded");

        var parked = (await projector.Get("/api/parked")).Body.Items("parked").Single(e => e.GetProperty("position").GetInt64() == position);
        Assert.Equal(($"room-{id}", "room_of_tomorrow"), (parked.Text("stream"), parked.Text("type")));
        var retried = await projector.Post($"/api/parked/{position}/retry", new { });
        Assert.Equal(position, retried.Body.GetProperty("waiting").GetProperty("position").GetInt64());
        var skipped = await projector.Post($"/api/parked/{position}/skip", new { by = "ann" });

        Assert.False(skipped.Body.Has("waiting"));
        Assert.Equal("ann", skipped.Body.GetProperty("event").Text("skippedBy"));
        await Eventually.True(async () => !await IsDegraded(id), ControlPlane.Patience, "the room is listed as any other");
        Assert.Equal(200, (await plane.Rooms.Get($"/api/rooms/{id}")).Status);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("skip")]
    public async Task A_position_that_is_not_parked_is_not_found(string what) =>
        Assert.Equal((404, "not_parked"), await projector.Post($"/api/parked/999999999/{what}", new { }) is var answer ? (answer.Status, answer.Code) : default);

    /// <summary>Whatever looks at the views meanwhile, waits.</summary>
    private async Task<T> WhileEtcdIsFrozen<T>(Func<Task<T>> work)
    {
        await plane.Deployment.Etcd.Freeze();
        try
        {
            return await work();
        }
        finally
        {
            plane.Deployment.Etcd.Thaw();
        }
    }

    private async Task<System.Text.Json.JsonElement> Rebuild(object request)
    {
        var started = await projector.Post("/api/rebuild", request);
        Assert.Equal((202, "running"), (started.Status, started.Body.GetProperty("rebuild").Text("state")));
        return await Rebuilt();
    }

    private async Task<System.Text.Json.JsonElement> Rebuilt()
    {
        Answer answer = null!;
        await Eventually.True(
            async () => (answer = await projector.Get("/api/rebuild")).Body.GetProperty("rebuild").Text("state") == "done", ControlPlane.Patience, "the rebuild is done");
        return answer.Body.GetProperty("rebuild");
    }

    private async Task<bool> IsDegraded(string id) =>
        (await plane.Rooms.Get($"/api/rooms?limit=1&after={id[..^1]}")).Body.Items("rooms") is [var room] && room.Text("roomId") == id && room.Has("degraded");

    private async Task<long> AppendPoison(string id)
    {
        await using var store = new PostgresEventStore(
            new EventStoreOptions { Dsn = plane.Deployment.Postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        var stream = new StreamId($"room-{id}");
        var command = Guid.NewGuid();
        var tip = (await store.ReadStream(stream))[^1].Tip;
        return Assert.IsType<AppendResult.Appended>(await store.Append(
            stream, tip, [new NewEvent(command, "room_of_tomorrow", "A, B", "{}", TimeProvider.System.GetUtcNow())], new EventHeaders("test", command, "test"))).Last.Value;
    }
}
