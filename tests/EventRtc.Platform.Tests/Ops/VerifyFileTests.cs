using System.Text.Json.Nodes;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Platform.Tests.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>What somebody may have done to an export, and what is said of it.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class VerifyFileTests(PostgresFixture postgres) : IAsyncLifetime
{
    private OpsRig ops = null!;
    private string[] lines = [];

    public async ValueTask InitializeAsync()
    {
        ops = await OpsRig.Start(postgres);
        await ops.GoOnAir(new RoomId("hall-2"));
        lines = await Export(masked: true);
    }

    public ValueTask DisposeAsync() => ops.DisposeAsync();

    [Fact]
    public void An_export_as_it_was_written_has_no_fault() => Assert.Empty(Faults(lines));

    [Fact]
    public void A_changed_body_is_found() => MustSay(Edit(4, e => e["data"]!["port"] = 6000), "line 4: the content was changed", "line 11: the events are not the signed ones");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Not_one_letter_can_be_changed(bool masked)
    {
        lines = await Export(masked);
        var unnoticed = new List<string>();
        for (var line = 0; line < 10; line++)
            for (var at = 0; at < lines[line].Length; at++)
            {
                var forged = lines[line].ToCharArray();
                forged[at] = forged[at] == 'x' ? 'y' : 'x';
                if (Check([.. lines[..line], new string(forged), .. lines[(line + 1)..]]).Faults.Count == 0)
                    unnoticed.Add(new string(forged));
            }
        Assert.Empty(unnoticed);
    }

    [Fact]
    public void Nothing_can_be_added_to_a_line()
    {
        MustSay(Edit(3, e => e["note"] = "added"), "line 3: cannot be read");
        MustSay(Edit(3, e => e["data"]!["note"] = "added"), "line 3: the content was changed");
        MustSay(Edit(1, e => e["commitments"]!["note"] = "added"), "line 1: cannot be read");
    }

    [Fact]
    public void Who_and_when_are_part_of_it()
    {
        MustSay(Edit(2, e => e["actor"] = "user:eve"), "line 2: the content was changed");
        MustSay(Edit(2, e => e["at"] = "2026-03-01T12:00:00.000001Z"), "line 2: the content was changed");
        MustSay(Edit(2, e => e["id"] = Guid.NewGuid().ToString()), "line 2: the content was changed");
    }

    [Fact]
    public void A_changed_hash_is_found_at_its_line_and_the_next() =>
        MustSay(Edit(3, e => e["hash"] = new string('0', 64)), "line 3: the content was changed", "line 4: previousHash is not the hash of version 3 of room-lobby");

    [Fact]
    public void A_rewritten_event_is_found_although_its_hash_fits()
    {
        var forged = Edit(5, e =>
        {
            e["data"]!["port"] = 6000;
            e["hash"] = HashOf(e);
        });
        MustSay(forged, "line 11: the events are not the signed ones");
    }

    [Fact]
    public void A_changed_order_is_found() => MustSay([lines[1], lines[0], .. lines[2..]], "line 1: version 2 of room-lobby follows version 0", "line 2: position 1 follows position 2");

    [Fact]
    public void A_removed_line_is_found() => MustSay([.. lines[..2], .. lines[3..]], "line 3: version 4 of room-lobby follows version 2", "line 10: 10 events were signed, and 9 are here");

    [Fact]
    public void A_removed_last_event_of_a_room_is_found() => MustSay([.. lines[..9], lines[10]], "line 10: 10 events were signed, and 9 are here");

    [Fact]
    public void A_file_that_was_cut_off_is_found()
    {
        MustSay(lines[..10], "line 11: the signed trailer is missing");
        MustSay([], "line 1: the signed trailer is missing");
        MustSay([.. lines[..10], lines[10][..^30]], "line 11: cannot be read", "line 12: the signed trailer is missing");
        MustSay([.. lines[..7], lines[7][..40]], "line 8: cannot be read: not JSON at byte 40");
    }

    [Fact]
    public void Lines_behind_the_trailer_are_found() => MustSay([.. lines, lines[9]], "line 12: stands behind the signed trailer of line 11");

    [Fact]
    public void A_changed_trailer_is_found()
    {
        MustSay(Edit(11, t => t["head"]!["count"] = 11), "line 11: the signature does not fit");
        MustSay(Edit(11, t => t["note"] = "added"), "line 11: the signature does not fit");
        MustSay(Edit(11, t => t["key"] = "AAAA"), "line 11: the signature does not fit");
        MustSay(Edit(11, t => t["signature"] = 7), "line 11: cannot be read");
        MustSay(Edit(11, t => t.AsObject().Remove("exported")), "line 11: the signature does not fit", "line 11: a head by itself");
    }

    [Fact]
    public void Another_signer_is_found_where_the_key_is_given()
    {
        using var stranger = AuditKey.Create(ops.In("stranger.pem"));
        string[] signed = [.. lines[..10], SignedHead.Parse(lines[10]).SignedBy(stranger).ToJson()];

        Assert.Empty(Faults(signed));
        Assert.StartsWith("line 11: signed with another key", Assert.Single(Faults(signed, AuditKey.ReadPublic(ops.In("audit-key.pub.pem")))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_cannot_be_turned_into_a_secret() => MustSay(Edit(1, e => e["data"]!["pin"] = "123456"), "line 1: cannot be read: data.pin: is committed to and must be masked");

    [Fact]
    public async Task A_secret_of_a_whole_export_is_covered()
    {
        lines = await Export(masked: false);
        Assert.Empty(Faults(lines));
        MustSay(Edit(1, e => e["data"]!["pin"] = "123456"), "line 1: the content was changed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Odd_bodies_keep_their_hashes_through_the_database_and_the_file(bool masked)
    {
        const string Body = """{"text":"\u00e9\"\\\n\u0001😀</>&'","n":1.50,"e":1e3,"big":12345678901234567890123,"small":-0.0,"nested":{"b":[1,2.0,{}],"a":null},"pin":{"why":["not"]},"nonce":7}""";
        await ops.Store.Append(
            new StreamId($"room-{OpsRig.Room}"), (await ops.Store.ReadStream(new StreamId($"room-{OpsRig.Room}")))[^1].Tip,
            [new NewEvent(Guid.NewGuid(), "odd", "Odd, Odd", Body, TimeProvider.System.GetUtcNow())],
            new EventHeaders("user:\"é\u0001", Guid.NewGuid(), "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        lines = await Export(masked);
        Assert.Equal(12, lines.Length);
        Assert.Empty(Faults(lines));
        MustSay(Edit(11, e => e["traceparent"] = "00-0"), "line 11: the content was changed");
    }

    [Fact]
    public void Nonsense_is_named_and_not_repeated()
    {
        MustSay([.. lines[..3], "", .. lines[3..]], "line 4: cannot be read: not JSON at byte 0");
        MustSay(Edit(3, e => e.AsObject().Remove("stream")), "line 3: cannot be read: stream: is missing");
        MustSay(Edit(3, e => e["version"] = "three"), "line 3: cannot be read: a field is not of its kind");
        MustSay([.. lines[..1], lines[1].Replace("\"actor\"", "\"actor\":\"user:eve\",\"actor\"", StringComparison.Ordinal), .. lines[2..]], "line 2: cannot be read");
    }

    [Fact]
    public void Of_very_many_faults_the_first_are_told_and_the_rest_counted()
    {
        var check = new ExportCheck();
        for (var n = 0; n < 250; n++)
            check.Read("nonsense");
        check.End(null);
        Assert.Equal((100, 151), (check.Faults.Count, check.FurtherFaults));
    }

    [Fact]
    public async Task Events_from_before_hashing_are_told_and_are_no_fault()
    {
        await ops.Execute("update mt_events set headers = headers - 'hash' - 'previousHash' - 'salt' where stream_id = 'room-lobby' and version <= 2");
        await ops.Execute("update mt_events set headers = headers - 'hash' - 'previousHash' - 'salt' where stream_id = 'room-hall-2'");
        await ops.Execute("delete from mt_events where stream_id = 'room-lobby' and version > 2");

        lines = await Export(masked: true);
        Assert.DoesNotContain(OpsRig.Pin, string.Concat(lines), StringComparison.Ordinal);
        Assert.DoesNotContain("commitments", string.Concat(lines), StringComparison.Ordinal);
        Assert.Empty(Faults(lines));
        Assert.Equal(7, Check(lines).Unhashed);
        MustSay(Edit(2, e => e["data"]!["janus"] = "janus-9"), "line 8: the events are not the signed ones");
    }

    [Fact]
    public async Task An_event_without_a_hash_behind_hashed_ones_is_a_fault()
    {
        await ops.Execute("update mt_events set headers = headers - 'hash' - 'previousHash' - 'salt' where stream_id = 'room-lobby' and version = 5");
        lines = await Export(masked: true);
        MustSay(lines, "line 5: version 5 of room-lobby has no hash although the one before it has");
    }

    [Fact]
    public async Task Only_ids_of_rooms_are_repeated_from_a_trailer()
    {
        using var stranger = AuditKey.Create(ops.In("stranger.pem"));
        var odd = (SignedHead.Parse(lines[10]) with { Only = ["lobby\u001b[2J"] }).SignedBy(stranger).ToJson();
        await File.WriteAllLinesAsync(ops.In("odd.ndjson"), [.. lines[..10], odd]);
        ops.Variables.Clear();

        Assert.Empty((await ops.Run("verify", ops.In("odd.ndjson"))).MustEndWith(1, "rooms that cannot be").Lines);
    }

    [Fact]
    public async Task The_command_says_each_fault_and_ends_with_1()
    {
        await File.WriteAllLinesAsync(ops.In("bad.ndjson"), Edit(4, e => e["data"]!["port"] = 6000));
        ops.Variables.Clear();

        var ran = (await ops.Run("verify", ops.In("bad.ndjson"))).MustEndWith(1, "bad.ndjson");
        Assert.StartsWith("line 4: the content was changed", ran.Lines[0], StringComparison.Ordinal);
        (await ops.Run("verify", ops.In("none.ndjson"))).MustEndWith(2, "none.ndjson");
        (await ops.Run("verify", ops.In("bad.ndjson"), "--key", ops.In("bad.ndjson"))).MustEndWith(2, "PEM");
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_signed()
    {
        using var key = AuditKey.Load(ops.In("audit-key.pem"));
        using var output = new MemoryStream();
        await Assert.ThrowsAsync<TimeoutException>(() => new LogExport(ops.Store, key, TimeProvider.System).Write(output, new ExportRequest(Masked: true), (_, _) => throw new TimeoutException()));

        MustSay(LinesOf(output), "line 11: the signed trailer is missing");
    }

    private async Task<string[]> Export(bool masked)
    {
        using var key = AuditKey.Load(ops.In("audit-key.pem"));
        using var output = new MemoryStream();
        await new LogExport(ops.Store, key, TimeProvider.System).Write(output, new ExportRequest(masked, [("lobby", new("room-lobby")), ("hall-2", new("room-hall-2"))]), (_, _) => Task.CompletedTask);
        return LinesOf(output);
    }

    private static string[] LinesOf(MemoryStream output) => System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string[] Edit(int line, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(lines[line - 1])!;
        change(node);
        return [.. lines[..(line - 1)], node.ToJsonString(), .. lines[line..]];
    }

    /// <summary>As somebody would make it who knows how: it takes no key.</summary>
    private string HashOf(JsonNode e) => EventHash.Of(
        (string)e["stream"]!, (long)e["version"]!, Guid.Parse((string)e["id"]!), (string)e["type"]!, IsoTime.Parse((string)e["at"]!)!.Value,
        new EventHeaders((string)e["actor"]!, Guid.Parse((string)e["commandId"]!), (string)e["correlationId"]!),
        System.Text.Json.JsonElement.Parse(e["data"]!.ToJsonString()), (string?)e["previousHash"], salt: null);

    private static ExportCheck Check(string[] lines, string? key = null)
    {
        var check = new ExportCheck();
        foreach (var line in lines)
            check.Read(line);
        check.End(key);
        return check;
    }

    private static List<string> Faults(string[] lines, string? key = null) => [.. Check(lines, key).Faults.Select(fault => $"line {fault.Line}: {fault.What}")];

    private static void MustSay(string[] lines, params string[] beginnings)
    {
        var faults = Faults(lines);
        Assert.All(beginnings, beginning => Assert.Contains(faults, fault => fault.StartsWith(beginning, StringComparison.Ordinal)));
    }
}
