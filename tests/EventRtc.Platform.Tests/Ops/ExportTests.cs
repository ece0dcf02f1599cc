using System.Text.Json;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Platform.Tests.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>export, head, key, and verify of what they wrote.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class ExportTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Other = "hall-2";
    private OpsRig ops = null!;

    public async ValueTask InitializeAsync()
    {
        ops = await OpsRig.Start(postgres);
        await ops.GoOnAir(new RoomId(Other));
    }

    public ValueTask DisposeAsync() => ops.DisposeAsync();

    [Fact]
    public async Task An_export_holds_every_event_in_order_and_can_be_verified_by_anybody()
    {
        var file = await Export();

        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(11, lines.Length);
        var positions = lines[..10].Select(line => JsonElement.Parse(line).GetProperty("position").GetInt64()).ToList();
        Assert.Equal(positions.Order(), positions);
        Assert.DoesNotContain(OpsRig.Pin, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.DoesNotContain("salt", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        ops.Variables.Clear();
        Assert.Contains("not compared", (await ops.Run("verify", file)).MustSucceed(), StringComparison.Ordinal);
        Assert.Contains("OK: 10 events", (await ops.Run("verify", file, "--key", ops.In("audit-key.pub.pem"))).MustSucceed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operators_export_is_whole_and_has_the_same_digest()
    {
        var masked = await Export();
        ops.Variables["EVENTRTC_TOKEN"] = await ops.Token("operator");
        var whole = await Export();

        Assert.Contains(OpsRig.Pin, await File.ReadAllTextAsync(whole), StringComparison.Ordinal);
        (await ops.Run("verify", whole)).MustSucceed();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(whole));
        Assert.Equal(Digests(masked)[..10], Digests(whole)[..10]);
    }

    [Fact]
    public async Task One_room_alone_is_exported_with_the_head_of_the_whole_log()
    {
        var file = await Export("--room", Other);

        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(6, lines.Length);
        Assert.All(lines[..5], line => Assert.Equal($"room-{Other}", JsonElement.Parse(line).GetProperty("stream").GetString()));
        var trailer = JsonElement.Parse(lines[5]);
        Assert.Equal(10, trailer.GetProperty("head").GetProperty("count").GetInt32());
        Assert.Equal([Other], trailer.GetProperty("rooms").EnumerateArray().Select(room => room.GetString()));
        Assert.Contains($"5 events of {Other}", (await ops.Run("verify", file)).MustSucceed(), StringComparison.Ordinal);
        (await ops.Run("verify", "--head", file)).MustSucceed();
    }

    [Fact]
    public async Task Every_export_is_recorded_with_who_made_it()
    {
        ops.Variables["EVENTRTC_TOKEN"] = await ops.Token("auditor");
        await Export("--room", Other);
        await Export();

        var recorded = await ops.Store.ReadStream(new StreamId(AuditEvent.Stream));
        var exports = recorded.Select(e => e.Decode<AuditEvent>()).Cast<AuditEvent.LogExported>().ToList();
        Assert.Equal([("auditor:ann", 5L, true, 1), ("auditor:ann", 11L, true, 0)], exports.Select(e => (e.By, e.Count, e.Masked, e.Rooms?.Count ?? 0)));
        Assert.Equal(recorded[0].Proof!.Hash, recorded[1].Proof!.PreviousHash);
        Assert.Equal(recorded[0].Position.Value, exports[1].LastPosition);
        (await ops.Run("verify", await Export())).MustSucceed();
    }

    [Fact]
    public async Task Exports_at_once_are_all_recorded_one_behind_another()
    {
        using var key = AuditKey.Load(ops.In("audit-key.pem"));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => new LogExport(ops.Store, key, TimeProvider.System).Write(Stream.Null, new ExportRequest(Masked: true), (head, part) => Record($"cli:{n}", head, part))));

        var recorded = await ops.Store.ReadStream(new StreamId(AuditEvent.Stream));
        Assert.Equal(6, recorded.Select(e => ((AuditEvent.LogExported)e.Decode<AuditEvent>()).By).Distinct().Count());
        Assert.Equal(recorded.SkipLast(1).Select(e => e.Proof!.Hash), recorded.Skip(1).Select(e => e.Proof!.PreviousHash));
    }

    [Fact]
    public async Task Nothing_is_left_of_an_export_that_fails()
    {
        await ops.Execute("alter table mt_events rename to mt_events_away");
        (await ops.Run("export", "--out", ops.In("log.ndjson"))).MustEndWith(2, "tables");
        await ops.Execute("alter table mt_events_away rename to mt_events");
        ops.Variables["AUDIT_KEY_FILE"] = null;
        (await ops.Run("export", "--out", ops.In("log.ndjson"))).MustEndWith(2, "AUDIT_KEY_FILE", "eventrtc key --out");
        ops.Variables["AUDIT_KEY_FILE"] = ops.In("nowhere.pem");
        (await ops.Run("head")).MustEndWith(2, "nowhere.pem", "eventrtc key --out");
        (await ops.Run("export", "--out", "/nowhere/log.ndjson")).MustEndWith(2);
        Assert.Empty(Directory.GetFiles(ops.In("."), "log*"));
        Assert.Empty(await ops.Store.ReadStream(new StreamId(AuditEvent.Stream)));
    }

    [Fact]
    public async Task A_key_is_made_once_and_for_its_owner_alone()
    {
        var fingerprint = (await ops.Run("key", "--out", ops.In("new.pem"), "--public", ops.In("new.pub.pem"))).MustSucceed().Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ops.In("new.pem")));
        Assert.Equal(AuditKey.FingerprintOf(AuditKey.ReadPublic(ops.In("new.pub.pem"))), fingerprint);
        (await ops.Run("key", "--out", ops.In("new.pem"))).MustEndWith(1, "exists already");
        (await ops.Run("key", "--out", ops.In("other.pem"), "--public", ops.In("new.pub.pem"))).MustEndWith(1, "exists already");
        Assert.False(File.Exists(ops.In("other.pem")));
    }

    [Fact]
    public async Task A_head_notices_what_is_cut_off_or_changed_later()
    {
        (await ops.Run("head", "--out", ops.In("head.json"))).MustSucceed();
        var head = ops.In("head.json");
        Assert.Contains("a signed head of 10 events", (await ops.Run("verify", head)).MustSucceed(), StringComparison.Ordinal);

        await ops.Do(new RoomCommand.RemoveRoom(OpsRig.Room, "requested", TimeProvider.System.GetUtcNow()));
        Assert.Contains("1 came since", (await ops.Run("verify", "--head", head, "--key", ops.In("audit-key.pub.pem"))).MustSucceed(), StringComparison.Ordinal);

        await ops.Execute("update mt_events set data = jsonb_set(data, '{port}', '6000') where type = 'mixer_port_allocated' and stream_id = 'room-lobby'");
        (await ops.Run("verify", "--head", head)).MustEndWith(1, "changed");
        await ops.Execute("update mt_events set data = jsonb_set(data, '{port}', '5004') where type = 'mixer_port_allocated' and stream_id = 'room-lobby'");
        (await ops.Run("verify", "--head", head)).MustSucceed();

        await ops.Execute("delete from mt_events where seq_id >= (select max(seq_id) from mt_events) - 1");
        (await ops.Run("verify", "--head", head)).MustEndWith(1, "9 events", "10");

        await File.WriteAllTextAsync(head, (await File.ReadAllTextAsync(head)).Replace("\"count\":10", "\"count\":9", StringComparison.Ordinal));
        (await ops.Run("verify", "--head", head)).MustEndWith(1, "signature");
        await File.WriteAllTextAsync(head, "nothing\n");
        (await ops.Run("verify", "--head", head)).MustEndWith(1, "does not end with a signed head");
        (await ops.Run("verify", "--head", ops.In("none.json"))).MustEndWith(2, "none.json");
    }

    private Task Record(string by, LogHead head, ExportedPart part) => new FactStream<AuditEvent>(ops.Store, new StreamId(AuditEvent.Stream), TimeProvider.System)
        .Append(new AuditEvent.LogExported(by, head.At, part.Count, head.LastPosition, part.Digest, Masked: true), by, CancellationToken.None);

    private async Task<string> Export(params string[] more)
    {
        var file = ops.In($"log-{Guid.NewGuid():N}.ndjson");
        (await ops.Run(["export", "--out", file, .. more])).MustSucceed();
        return file;
    }

    private static List<string> Digests(string file) =>
        [.. File.ReadLines(file).Select(line => JsonElement.Parse(line)).Where(line => line.TryGetProperty("hash", out _)).Select(line => line.GetProperty("hash").GetString()!)];
}
