using EventRtc.Janus.Admin;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

public sealed class JanusAdminTests : IAsyncLifetime
{
    private static readonly NewBridge Room = new(9_007_199_254_740_991, "room-a/nonce", "123456");

    private readonly TestFolder folder = new();
    private JanusServer server = null!;
    private JanusAdmin janus = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JanusServer.Start(folder.Path);
        janus = new JanusAdmin(Access());
    }

    public async ValueTask DisposeAsync()
    {
        janus.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_room_is_created_listed_and_destroyed()
    {
        await janus.CreateRoom(Room, default);
        Assert.Equal([new Bridge(Room.Number, Room.Description, 0)], await janus.ListRooms(default));
        Assert.Empty(await janus.ListParticipants(Room.Number, default));

        Assert.True(await janus.DestroyRoom(Room.Number, default));
        Assert.False(await janus.DestroyRoom(Room.Number, default));
        Assert.Empty(await janus.ListRooms(default));
    }

    [Fact]
    public async Task A_number_that_is_taken_is_refused()
    {
        await janus.CreateRoom(Room, default);

        Assert.Equal(JanusCodes.RoomExists, (await Assert.ThrowsAsync<JanusException>(() => janus.CreateRoom(Room, default))).Code);
    }

    [Fact]
    public async Task Forwarders_are_started_listed_and_stopped()
    {
        await janus.CreateRoom(Room, default);

        var stream = await janus.StartForwarding(Room.Number, "127.0.0.1", 30_000, default);
        Assert.Equal([new Forwarder(stream, "127.0.0.1", 30_000, "opus", 111, true)], await janus.ListForwarders(Room.Number, default));

        await janus.StopForwarding(Room.Number, stream, default);
        await janus.StopForwarding(Room.Number, stream, default);
        Assert.Empty(await janus.ListForwarders(Room.Number, default));
    }

    [Fact]
    public async Task A_room_that_is_not_there_is_told_by_its_code()
    {
        Func<Task>[] calls =
        [
            () => janus.ListForwarders(1, default),
            () => janus.ListParticipants(1, default),
            () => janus.StartForwarding(1, "127.0.0.1", 30_000, default),
            () => janus.PlayFile(1, "/nowhere.opus", loop: true, default),
        ];
        foreach (var call in calls)
            Assert.Equal(JanusCodes.NoSuchRoom, (await Assert.ThrowsAsync<JanusException>(call)).Code);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_by_its_code()
    {
        await janus.CreateRoom(Room, default);

        var refusal = await Assert.ThrowsAsync<JanusException>(() => janus.PlayFile(Room.Number, "/nowhere.opus", loop: true, default));

        Assert.Equal(JanusCodes.UnknownError, refusal.Code);
    }

    [Fact]
    public async Task Wrong_secrets_are_told_apart()
    {
        using var wrongSecret = new JanusAdmin(Access() with { Secret = "wrong" });
        using var wrongKey = new JanusAdmin(Access() with { Key = "wrong" });

        Assert.Equal(JanusCodes.WrongAdminSecret, (await Assert.ThrowsAsync<JanusException>(() => wrongSecret.ListRooms(default))).Code);
        Assert.Equal(JanusCodes.Unauthorized, (await Assert.ThrowsAsync<JanusException>(() => wrongKey.CreateRoom(Room, default))).Code);
    }

    [Fact]
    public async Task A_frozen_Janus_is_a_time_out_and_a_dead_one_a_refused_connection()
    {
        using var hasty = new JanusAdmin(Access() with { Timeout = TimeSpan.FromMilliseconds(300) });
        await server.Freeze();
        await Assert.ThrowsAsync<TimeoutException>(() => hasty.ListRooms(default));
        server.Thaw();
        await hasty.ListRooms(default);

        await server.Kill();
        await Assert.ThrowsAsync<HttpRequestException>(() => janus.ListRooms(default));
        await server.Restart();
        await Eventually.True(async () => (await janus.ListRooms(default)).Count == 0, TimeSpan.FromSeconds(5), "the restarted Janus answers");
    }

    private JanusAccess Access() => new(server.AdminUrl, server.AdminSecret, server.AdminKey, TimeSpan.FromSeconds(5));
}
