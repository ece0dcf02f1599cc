using EventRtc.Local;
using EventRtc.Local.Servers;
using Npgsql;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>Servers that are away: said once, answered as such, and over when they are back.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class OutageTests(ControlPlane plane)
{
    private Deployment Real => plane.Deployment;

    [Fact]
    public async Task Without_its_servers_a_service_starts_says_so_once_and_serves_when_they_come()
    {
        Server[] servers = [Real.Postgres, Real.Redis, Real.Etcd];
        await Task.WhenAll(servers.Select(server => server.Kill()));
        await using var rooms = plane.Replica(Real.Rooms);
        await using var users = plane.Replica(Real.Users, ("REDIS_COMMAND_TIMEOUT", "500ms"));
        using var roomsApi = new Api(rooms.Url);
        using var usersApi = new Api(users.Url);
        var starting = Task.WhenAll(rooms.Start(), users.Start());

        await Eventually.True(
            async () => await roomsApi.Health() is (503, var lines) && servers.All(server => lines.Contains($"away {server.Name} at {server.Address}\n", StringComparison.Ordinal)),
            ControlPlane.Patience, "rooms names every server that is away");
        await Eventually.True(async () => await usersApi.Health() == (503, $"away redis at {Real.Redis.Address}\naway etcd at {Real.Etcd.Address}\n"), ControlPlane.Patience, "users names both of its own");
        Assert.Equal((200, "live\n"), await roomsApi.Health("live"));
        MustBePassing(await roomsApi.Post("/api/rooms", new { }));
        MustBePassing(await roomsApi.Get("/api/rooms"));
        MustBePassing(await usersApi.Post("/api/rooms/abc/users", new { }));

        await Task.WhenAll(servers.Select(server => server.Start()));
        await starting;
        Assert.Equal(201, (await roomsApi.Post("/api/rooms", new { })).Status);
        Assert.Equal(200, (await roomsApi.Get("/api/rooms")).Status);
        Assert.Equal(200, (await usersApi.Post($"/api/rooms/{await plane.CreateForwarding()}/users", new { })).Status);
        var warnings = LinesOf(rooms).Where(line => line.Contains(" WRN ", StringComparison.Ordinal) && !line.Contains(" /api/", StringComparison.Ordinal)).ToList();
        foreach (var server in servers)
            Assert.Contains($"No answer from {server.Name} at {server.Address} (", Assert.Single(warnings, line => line.Contains(server.Address, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(LinesOf(rooms), line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    [InlineData("etcd")]
    public async Task When_a_server_was_killed_and_is_back_the_services_go_on(string name)
    {
        var server = Find(name);
        var before = await plane.CreateForwarding();

        await server.Kill();
        await Eventually.True(async () => (await plane.Rooms.Health()).Lines.Contains($"away {name} at {server.Address}", StringComparison.Ordinal), ControlPlane.Patience, "rooms notices");
        await server.Start();

        await Eventually.True(async () => await plane.Rooms.Health() is (200, _) && await plane.Users.Health() is (200, _), ControlPlane.Patience, "both are ready again");
        Assert.Equal("onair", (await plane.Rooms.Get($"/api/rooms/{before}")).Room.Text("status"));
        var after = await plane.CreateForwarding();
        var (user, _) = await plane.Admit(after);
        await plane.Presence.Join(new(new(after), user, Domain.Role.Anchor, 1), CancellationToken.None);
        await Eventually.True(
            async () => (await plane.Rooms.Get($"/api/rooms?limit=1&after={after[..^1]}")) is { Status: 200 } page && page.Body.Items("rooms").Any(room => room.Text("roomId") == after),
            ControlPlane.Patience, "the new room is listed");
    }

    [Fact]
    public async Task While_a_server_is_frozen_calls_that_need_it_are_refused_in_time()
    {
        await using var rooms = plane.Replica(Real.Rooms, ("POSTGRES_STATEMENT_TIMEOUT", "1s"), ("POSTGRES_CONNECT_TIMEOUT", "1s"), ("REDIS_COMMAND_TIMEOUT", "1s"));
        await rooms.Start();
        using var api = new Api(rooms.Url);
        var id = await plane.Create();

        foreach (var server in (Server[])[Real.Postgres, Real.Redis, Real.Etcd])
        {
            await server.Freeze();
            try
            {
                await Eventually.True(async () => (await api.Health()) == (503, Away(server)), ControlPlane.Patience, $"{server.Name} is missed");
                var answer = await api.Get($"/api/rooms/{id}");
                if (server == Real.Postgres)
                    MustBePassing(answer);
                else
                    Assert.Equal(200, answer.Status);
            }
            finally
            {
                server.Thaw();
            }
            await Eventually.True(async () => await api.Health() is (200, _), ControlPlane.Patience, $"{server.Name} is back");
            Assert.Equal(200, (await api.Get($"/api/rooms/{id}")).Status);
        }
    }

    [Fact]
    public async Task A_database_that_comes_later_is_waited_for_and_set_up()
    {
        var later = new NpgsqlConnectionStringBuilder(Real.Postgres.ConnectionString) { Database = $"later_{Guid.NewGuid():N}" };
        await using var rooms = plane.Replica(Real.Rooms, ("POSTGRES_DSN", later.ConnectionString));
        using var api = new Api(rooms.Url);
        var starting = rooms.Start();
        await Eventually.True(async () => (await api.Health()).Lines.Contains("away postgres", StringComparison.Ordinal), ControlPlane.Patience, "the database is missed");
        MustBePassing(await api.Post("/api/rooms", new { }));
        Assert.Contains(LinesOf(rooms), line => line.Contains("does not have the database", StringComparison.Ordinal));

        await using (var connection = new NpgsqlConnection(Real.Postgres.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"create database {later.Database}", connection);
            await create.ExecuteNonQueryAsync();
        }
        await starting;
        Assert.Equal(201, (await api.Post("/api/rooms", new { })).Status);
    }

    [Fact]
    public async Task Killed_services_start_again_where_they_were()
    {
        var id = await plane.CreateForwarding();
        var (user, _) = await plane.Admit(id);
        await plane.Presence.Join(new(new(id), user, Domain.Role.Anchor, 1), CancellationToken.None);

        await Task.WhenAll(Real.Rooms.Kill(), Real.Users.Kill());
        var report = plane.Presence.Report(new(new(id), user, Domain.Role.Anchor, 1, "onair"), CancellationToken.None);
        await Task.WhenAll(Real.Rooms.Start(), Real.Users.Start());
        await report;

        Assert.True((await plane.Rooms.Get($"/api/rooms/{id}")).Room.GetProperty("forwarding").GetBoolean());
        await plane.OfferModules();
        await plane.CreateForwarding();
    }

    [Fact]
    public async Task A_leave_that_could_not_be_recorded_is_made_up_for()
    {
        await using var users = plane.Replica(
            Real.Users, ("RPC_CLIENT_TIMEOUT", "300ms"), ("ETCD_PREFIX_ROOM_STORE", "/outage/"), ("PRESENCE_EXPIRE_AFTER", "1s"), ("PRESENCE_SWEEP_EVERY", "100ms"));
        await users.Start();
        using var api = new Api(users.Url);
        var id = await plane.CreateForwarding();
        var (user, _) = await plane.Admit(id);
        await plane.Presence.Join(new(new(id), user, Domain.Role.Anchor, 1), CancellationToken.None);

        await Real.Rooms.Kill();
        var refused = await api.Delete($"/api/rooms/{id}/users/{user}");
        await Real.Rooms.Start();
        MustBePassing(refused);

        await Eventually.True(async () => (await plane.Steps(id))[^1] == "anchor_left", ControlPlane.Patience, "the place is given back");
        await Eventually.True(async () => !await plane.Redis.KeyExistsAsync($"rtcus:r:{id}:us"), ControlPlane.Patience, "nobody is shown");
        await plane.OfferModules();
    }

    private static void MustBePassing(Answer answer) => Assert.Equal((503, "unavailable", true), (answer.Status, answer.Code, answer.Retryable));

    private static string[] LinesOf(Server server) => File.ReadAllLines(server.LogFile);

    private Server Find(string name) => name switch
    {
        "postgres" => Real.Postgres,
        "redis" => Real.Redis,
        _ => Real.Etcd,
    };

    private string Away(Server frozen) => string.Concat(
        ((Server[])[Real.Etcd, Real.Redis, Real.Postgres]).Select(server => $"{(server == frozen ? "away" : "ok  ")} {server.Name} at {server.Address}\n"));
}
