using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>What auditors may ask over REST, and who may ask it.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class AuditTests(ControlPlane plane, GuardedRooms guarded) : IClassFixture<GuardedRooms>
{
    [Fact]
    public async Task Only_auditors_and_operators_read_the_audit()
    {
        var id = await plane.CreateForwarding();
        var host = (await plane.Admit(id, "host")).Token;
        foreach (var path in (string[])[$"/api/rooms/{id}/history", $"/api/rooms/{id}/state", $"/api/rooms/{id}/diff?from=1&to=2", "/api/audit/head"])
        {
            Assert.Equal((401, "token_missing"), Outcome(await guarded.Api.Get(path)));
            Assert.Equal((401, "token_invalid"), Outcome(await guarded.Api.Get(path, "nonsense")));
            Assert.Equal((401, "token_expired"), Outcome(await guarded.Api.Get(path, plane.Staff.For(StaffRole.Operator, "ann", TimeSpan.FromHours(-1)))));
            Assert.Equal((403, "role_insufficient"), Outcome(await guarded.Api.Get(path, host)));
            Assert.Equal((403, "role_insufficient"), Outcome(await guarded.Api.Get(path, plane.Tokens.ForListener(new RoomId(id)))));
            Assert.Equal(200, (await guarded.Api.Get(path, plane.StaffToken(StaffRole.Auditor))).Status);
            Assert.Equal(200, (await guarded.Api.Get(path, plane.StaffToken(StaffRole.Operator))).Status);
            Assert.Equal(200, (await plane.Rooms.Get(path)).Status);
        }
        Assert.Equal((401, "token_missing"), Outcome(await guarded.Api.Get("/api/audit/export")));
        Assert.Equal(200, (await guarded.Api.Get($"/api/rooms/{id}")).Status);
    }

    [Fact]
    public async Task Secrets_are_shown_to_operators_and_masked_for_all_others()
    {
        var id = await plane.CreateForwarding();
        var nonce = await plane.NonceOf(id);
        foreach (var path in (string[])[$"/api/rooms/{id}/history", $"/api/rooms/{id}/state", $"/api/rooms/{id}/diff?from=0&to=5"])
        {
            var shown = (await plane.Rooms.Get(path, plane.StaffToken(StaffRole.Operator))).Body.GetRawText();
            Assert.Contains("abc123", shown, StringComparison.Ordinal);
            Assert.Contains(nonce, shown, StringComparison.Ordinal);
            foreach (var token in (string?[])[null, plane.StaffToken(StaffRole.Auditor)])
            {
                var hidden = (await plane.Rooms.Get(path, token)).Body.GetRawText();
                Assert.DoesNotContain("abc123", hidden, StringComparison.Ordinal);
                Assert.DoesNotContain(nonce, hidden, StringComparison.Ordinal);
            }
        }
        Assert.Equal("abc123", (await plane.Rooms.Get($"/api/rooms/{id}", plane.StaffToken(StaffRole.Operator))).Room.Text("pin"));
        Assert.False((await plane.Rooms.Get($"/api/rooms/{id}", plane.StaffToken(StaffRole.Auditor))).Room.Has("pin"));
    }

    [Fact]
    public async Task The_history_can_be_cut_to_a_time_and_to_a_version()
    {
        var id = await plane.CreateForwarding();
        var third = (await plane.History(id))[2].Text("at");

        Assert.Equal(3, await Count($"to={Uri.EscapeDataString(third)}"));
        Assert.Equal(3, await Count($"from={Uri.EscapeDataString(third)}"));
        Assert.Equal(2, await Count("version=2"));
        Assert.Equal(0, await Count("to=2020-01-01"));
        Assert.Equal(5, await Count("version=99"));
        var wrong = await plane.Rooms.Get($"/api/rooms/{id}/history?from=yesterday&to=12:00&version=-1");
        Assert.Equal((400, 3), (wrong.Status, wrong.Details.Count));

        async Task<int> Count(string query) => (await plane.Rooms.Get($"/api/rooms/{id}/history?{query}")).Body.GetProperty("count").GetInt32();
    }

    [Fact]
    public async Task The_state_is_told_at_a_version_and_at_a_time()
    {
        var id = await plane.CreateForwarding();
        var events = await plane.History(id);

        var now = (await plane.Rooms.Get($"/api/rooms/{id}/state")).Body;
        Assert.Equal((5, "onair"), (now.GetProperty("version").GetInt32(), now.GetProperty("state").Text("status")));
        Assert.True(now.GetProperty("state").GetProperty("live").GetProperty("forwarding").GetBoolean());
        Assert.Equal("created", (await plane.Rooms.Get($"/api/rooms/{id}/state?version=1")).Body.GetProperty("state").Text("status"));
        var then = await plane.Rooms.Get($"/api/rooms/{id}/state?at={Uri.EscapeDataString(events[3].Text("at"))}");
        Assert.Equal(4, then.Body.GetProperty("version").GetInt32());

        var before = await plane.Rooms.Get($"/api/rooms/{id}/state?at=2020-01-01");
        Assert.Equal((404, "room_not_found"), Outcome(before));
        Assert.Contains("did not exist", before.Body.Text("error"), StringComparison.Ordinal);
        Assert.Equal((404, "version_not_found"), Outcome(await plane.Rooms.Get($"/api/rooms/{id}/state?version=6")));
        Assert.Equal(400, (await plane.Rooms.Get($"/api/rooms/{id}/state?version=0&at=soon")).Status);
        Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Get($"/api/rooms/{ControlPlane.NewRoom()}/state")));
    }

    [Fact]
    public async Task A_difference_names_fields_and_events()
    {
        var id = await plane.CreateForwarding();

        var diff = (await plane.Rooms.Get($"/api/rooms/{id}/diff?from=1&to=2")).Body;
        var changes = diff.Items("changes").ToDictionary(change => change.Text("field"), change => change);
        Assert.Equal(("created", "onair"), (changes["status"].Text("old"), changes["status"].Text("new")));
        Assert.Equal("***", changes["live.nonce"].Text("new"));
        Assert.Equal(["live_started"], diff.Items("events").Select(happened => happened.Text("type")));
        Assert.Empty((await plane.Rooms.Get($"/api/rooms/{id}/diff?from=2&to=2")).Body.Items("changes"));

        foreach (var query in (string[])["", "?from=1", "?from=2&to=1", "?from=one&to=2"])
            Assert.Equal(400, (await plane.Rooms.Get($"/api/rooms/{id}/diff{query}")).Status);
        Assert.Equal((404, "version_not_found"), Outcome(await plane.Rooms.Get($"/api/rooms/{id}/diff?from=1&to=6")));
    }

    [Fact]
    public async Task An_export_can_be_verified_and_is_recorded()
    {
        var (id, other) = (await plane.CreateForwarding(), await plane.Create());

        var lines = await guarded.Api.Lines($"/api/audit/export?room={id}&room={other}", plane.StaffToken(StaffRole.Auditor, "bob"));
        Assert.Equal(7, lines.Length);
        Assert.DoesNotContain("abc123", string.Concat(lines), StringComparison.Ordinal);
        Assert.Empty(Faults(lines));
        Assert.Contains("abc123", string.Concat(await plane.Rooms.Lines($"/api/audit/export?room={id}", plane.StaffToken(StaffRole.Operator))), StringComparison.Ordinal);
        Assert.Empty(Faults(await plane.Rooms.Lines("/api/audit/export")));

        await using var store = OpenStore();
        var recorded = (await store.ReadStream(new StreamId(AuditEvent.Stream))).Select(e => (AuditEvent.LogExported)e.Decode<AuditEvent>()).ToList();
        Assert.Equal(["auditor:bob", "operator:ann", "anonymous"], recorded.TakeLast(3).Select(export => export.By));
        Assert.Equal([id, other], recorded[^3].Rooms!.Select(room => room.Value));

        var head = (await plane.Rooms.Get("/api/audit/head")).Body;
        Assert.True(SignedHead.IsGenuine(head.GetRawText()));
        Assert.Equal((404, "room_not_found"), Outcome(await plane.Rooms.Get($"/api/audit/export?room={ControlPlane.NewRoom()}")));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_exported()
    {
        Assert.Equal((503, "no_audit_key"), Outcome(await guarded.Keyless.Get("/api/audit/export")));
        Assert.Equal((503, "no_audit_key"), Outcome(await guarded.Keyless.Get("/api/audit/head")));
    }

    [Fact]
    public async Task A_room_with_an_event_that_cannot_be_read_is_refused_until_an_operator_skips_it()
    {
        var id = await plane.CreateForwarding();
        await plane.NonceOf(id);
        await Rename(id, version: 4, "from_the_future");

        foreach (var answer in (Answer[])[await plane.Rooms.Get($"/api/rooms/{id}"), await plane.Rooms.Post($"/api/rooms/{id}/start", new { }), await plane.Rooms.Delete($"/api/rooms/{id}"), await plane.Rooms.Post("/api/rooms", new { roomId = id })])
            Assert.Equal((503, "room_degraded", true), (answer.Status, answer.Code, answer.Retryable));
        Assert.Equal("room_degraded", (await Assert.ThrowsAsync<JsonRpc.RpcException>(() => plane.Reports.Send(new RoomCommand.ReportForwardingStopped(new RoomId(id), ControlPlane.Janus, default), CancellationToken.None))).Reason);
        Assert.Equal(5, (await plane.History(id)).Count);
        Assert.Equal(200, (await plane.Rooms.Get($"/api/rooms/{id}/state?version=3")).Status);
        var state = await plane.Rooms.Get($"/api/rooms/{id}/state");
        Assert.Equal((503, "room_degraded"), Outcome(state));
        Assert.Contains("version 4", Assert.Single(state.Details), StringComparison.Ordinal);
        Assert.Equal((503, "room_degraded"), Outcome(await plane.Rooms.Get($"/api/rooms/{id}/diff?from=1&to=5")));

        await using var store = OpenStore();
        var damaged = (await store.ReadStream(new StreamId($"room-{id}")))[3];
        await store.Parked.Park(new ParkedEvent(damaged.Position, damaged.Stream, damaged.Version, damaged.Type, "unknown", TimeProvider.System.GetUtcNow()));
        Assert.Equal(503, (await plane.Rooms.Get($"/api/rooms/{id}")).Status);
        await store.Parked.Skip(damaged.Position, "ann", TimeProvider.System.GetUtcNow());
        var room = (await plane.Rooms.Get($"/api/rooms/{id}")).Room;
        Assert.Equal(("onair", false), (room.Text("status"), room.Has("rtpPort")));
        await Rename(id, version: 4, "mixer_port_allocated"); // the log is everybody's here
    }

    private static List<ExportFault> Faults(string[] lines)
    {
        var check = new ExportCheck();
        foreach (var line in lines)
            check.Read(line);
        check.End(null);
        return [.. check.Faults];
    }

    private PostgresEventStore OpenStore() => new(
        new EventStoreOptions { Dsn = plane.Deployment.Postgres.ConnectionString }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<PostgresEventStore>.Instance);

    private async Task Rename(string room, int version, string type)
    {
        await using var connection = new Npgsql.NpgsqlConnection(plane.Deployment.Postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand($"update mt_events set type = '{type}' where stream_id = 'room-{room}' and version = {version}", connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static (int, string?) Outcome(Answer answer) => (answer.Status, answer.Code);
}

/// <summary>Two more rooms processes: one that wants tokens, and one that has no key.</summary>
public sealed class GuardedRooms(ControlPlane plane) : IAsyncLifetime
{
    private readonly ServiceProcess process = plane.Replica(plane.Deployment.Rooms, ("AUTH_MODE", "token"));
    private readonly ServiceProcess keyless = plane.Replica(plane.Deployment.Rooms, ("AUDIT_KEY_FILE", null));

    internal Api Api => field ??= new Api(process.Url);

    internal Api Keyless => field ??= new Api(keyless.Url);

    public async ValueTask InitializeAsync()
    {
        await process.Start();
        await keyless.Start();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Keyless.Dispose();
        await process.DisposeAsync();
        await keyless.DisposeAsync();
    }
}
