using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Platform.Tests.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>history, state and diff.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class RoomCommandTests(PostgresFixture postgres) : IAsyncLifetime
{
    private OpsRig ops = null!;

    public async ValueTask InitializeAsync() => ops = await OpsRig.Start(postgres);

    public ValueTask DisposeAsync() => ops.DisposeAsync();

    [Fact]
    public async Task The_history_is_told_in_order_without_secrets()
    {
        var ran = await ops.Run("history", "lobby", "--json");
        ran.MustSucceed();
        var events = ran.Lines.Select(line => System.Text.Json.JsonElement.Parse(line)).ToList();
        Assert.Equal(
            ["room_created", "live_started", "janus_room_created", "mixer_port_allocated", "forwarding_started"], events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(e => e.GetProperty("version").GetInt32()));
        Assert.All(events, e => Assert.Equal("user:ada", e.GetProperty("actor").GetString()));
        Assert.Equal("***", events[0].GetProperty("data").GetProperty("pin").GetString());
        Assert.Equal("***", events[1].GetProperty("data").GetProperty("nonce").GetString());
        Assert.Equal(9_007_199_254_740_993, events[2].GetProperty("data").GetProperty("janusRoomId").GetInt64());

        var table = (await ops.Run("history", "lobby")).MustSucceed();
        Assert.Contains("forwarding_started", table, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', table);
        Assert.DoesNotContain(OpsRig.Pin, table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_can_be_cut_to_a_time()
    {
        var third = (await ops.Store.ReadStream(new StreamId("room-lobby")))[2].At;

        Assert.Equal(3, (await ops.Run("history", "lobby", "--json", "--to", IsoTime.Text(third))).Lines.Count);
        Assert.Equal(3, (await ops.Run("history", "lobby", "--json", "--from", IsoTime.Text(third))).Lines.Count);
        Assert.Empty((await ops.Run("history", "lobby", "--json", "--to", "2020-01-01")).Lines);
        Assert.Equal(2, (await ops.Run("history", "lobby", "--from", "yesterday")).Code);
    }

    [Fact]
    public async Task Secrets_are_for_operators_alone()
    {
        var (operators, auditors) = (await ops.Token("operator"), await ops.Token("auditor"));

        foreach (var command in (string[][])[["history", "lobby", "--json"], ["state", "lobby", "--json"], ["diff", "lobby", "0", "5", "--json"], ["history", "lobby"], ["state", "lobby"], ["diff", "lobby", "0", "5"]])
        {
            var shown = (await ops.Run([.. command, "--token", operators])).MustSucceed();
            Assert.Contains(OpsRig.Pin, shown, StringComparison.Ordinal);
            Assert.Contains(OpsRig.Nonce, shown, StringComparison.Ordinal);
            var hidden = (await ops.Run([.. command, "--token", auditors])).MustSucceed() + (await ops.Run(command)).MustSucceed();
            Assert.DoesNotContain(OpsRig.Pin, hidden, StringComparison.Ordinal);
            Assert.DoesNotContain(OpsRig.Nonce, hidden, StringComparison.Ordinal);
        }

        ops.Variables["EVENTRTC_TOKEN"] = operators;
        Assert.Contains(OpsRig.Pin, (await ops.Run("state", "lobby")).MustSucceed(), StringComparison.Ordinal);
        (await ops.Run("history", "lobby", "--token", operators[..^2])).MustEndWith(2, "token");
        ops.Variables["JWT_SECRET"] = new string('x', 32);
        (await ops.Run("history", "lobby")).MustEndWith(2, "token");
    }

    [Fact]
    public async Task The_state_at_a_version_or_a_time_is_what_the_events_up_to_then_amount_to()
    {
        var events = await ops.Store.ReadStream(new StreamId("room-lobby"));

        var now = (await ops.Run("state", "lobby", "--json")).Json;
        Assert.Equal((5, "onair"), (now.GetProperty("version").GetInt32(), now.GetProperty("state").GetProperty("status").GetString()));
        Assert.True(now.GetProperty("state").GetProperty("live").GetProperty("forwarding").GetBoolean());
        var created = (await ops.Run("state", "lobby", "--version", "1", "--json")).Json.GetProperty("state");
        Assert.Equal(("created", "***", 3), (created.GetProperty("status").GetString(), created.GetProperty("pin").GetString(), created.GetProperty("maxAnchors").GetInt32()));
        Assert.Equal(4, (await ops.Run("state", "lobby", "--at", IsoTime.Text(events[3].At), "--json")).Json.GetProperty("version").GetInt32());
        Assert.Contains("live.rtpPort", (await ops.Run("state", "lobby")).MustSucceed(), StringComparison.Ordinal);

        (await ops.Run("state", "lobby", "--at", "2020-01-01")).MustEndWith(1, "did not exist", IsoTime.Text(events[0].At));
        (await ops.Run("state", "lobby", "--version", "6")).MustEndWith(1, "no version 6", "5");
        (await ops.Run("state", "lobby", "--version", "0")).MustEndWith(1, "no version 0");
        Assert.Equal(2, (await ops.Run("state", "lobby", "--version", "1", "--at", "2020-01-01")).Code);
    }

    [Fact]
    public async Task A_difference_names_each_field_and_the_events_between()
    {
        var diff = (await ops.Run("diff", "lobby", "3", "5", "--json")).Json;
        Assert.Equal(
            ["live.forwarding", "live.hlsPort", "live.rtpIp", "live.rtpPort"], diff.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("field").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(["mixer_port_allocated", "forwarding_started"], diff.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
        var nonce = (await ops.Run("diff", "lobby", "1", "2", "--json")).Json.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("field").GetString() == "live.nonce");
        Assert.Equal("***", nonce.GetProperty("new").GetString());
        Assert.Empty((await ops.Run("diff", "lobby", "5", "5", "--json")).Json.GetProperty("changes").EnumerateArray());

        (await ops.Run("diff", "lobby", "2", "9")).MustEndWith(1, "no version 9");
        (await ops.Run("diff", "lobby", "4", "2")).MustEndWith(1, "later");
    }

    [Fact]
    public async Task A_room_that_never_was_is_said_to_be_none()
    {
        foreach (var command in (string[][])[["history", "nobody"], ["state", "nobody"], ["diff", "x", "1", "2"], ["export", "--out", "log.ndjson", "--room", "nobody"]])
            (await ops.Run(command)).MustEndWith(1, "no room");
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_told_and_stops_the_state_only_from_there_on()
    {
        await ops.Execute("update mt_events set type = 'from_the_future' where version = 3");

        Assert.Contains("from_the_future", (await ops.Run("history", "lobby")).MustSucceed(), StringComparison.Ordinal);
        (await ops.Run("state", "lobby", "--version", "2")).MustSucceed();
        (await ops.Run("state", "lobby")).MustEndWith(1, "version 3", "from_the_future");
        (await ops.Run("diff", "lobby", "1", "5")).MustEndWith(1, "version 3");

        await Skip((await ops.Store.ReadStream(new StreamId("room-lobby")))[2]);
        Assert.Equal("onair", (await ops.Run("state", "lobby", "--json")).Json.GetProperty("state").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_server_that_is_away_and_a_wrong_variable_end_in_one_line()
    {
        ops.Variables["POSTGRES_DSN"] = "Host=127.0.0.1;Port=1;Username=postgres;Database=eventrtc";
        (await ops.Run("history", "lobby")).MustEndWith(2, "127.0.0.1:1");
        ops.Variables["POSTGRES_DSN"] = "nonsense";
        (await ops.Run("state", "lobby")).MustEndWith(2, "POSTGRES_DSN");
        ops.Variables["JWT_SECRET"] = "short";
        (await ops.Run("token", "--role", "auditor")).MustEndWith(2, "JWT_SECRET");
        Assert.Equal(2, (await ops.Run("token", "--role", "king")).Code);
        Assert.Equal(2, (await ops.Run("token", "--role", "auditor", "--ttl", "forever")).Code);
    }

    private async Task Skip(RecordedEvent e)
    {
        await ops.Store.Parked.Park(new ParkedEvent(e.Position, e.Stream, e.Version, e.Type, "unknown", TimeProvider.System.GetUtcNow()));
        Assert.True(await ops.Store.Parked.Skip(e.Position, "ann", TimeProvider.System.GetUtcNow()));
    }
}
