using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Unicode;
using EventRtc.Domain;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>
/// 10,000 frames that are not what they should be, to a gateway without limits on their number: half of them from guests, half from hosts, who end their rooms by them and remove themselves.
/// The seed is in every failure.
/// </summary>
public sealed class FuzzTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    private const int Seed = 20261120, Frames = 10_000, Connections = 8;

    /// <summary>What runtime and pools may take when they are first used like this; a leak of 2 KB a frame would be more.</summary>
    private const long MostGrowth = 20 * 1024 * 1024;

    private const int Removed = 4001, RoomEnded = 4410;

    private readonly ConcurrentQueue<RoomId> rooms = [];
    private ServiceProcess gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await rig.StartGateway(
        "gateway-fuzz", ("LIMIT_MESSAGE_BURST", "1000000"), ("LIMIT_JOIN_BURST", "1000000"), ("LIMIT_RECONNECT_BURST", "100000"), ("LIMIT_HANDSHAKE_BURST", "100000"));

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task No_frame_is_a_fault_of_ours_and_none_is_kept()
    {
        await Send(first: 0, count: Frames / 2);
        var before = await Resident();
        await Send(first: Frames / 2, count: Frames);

        Assert.InRange(await Resident() - before, long.MinValue, MostGrowth);
        Assert.DoesNotContain(await File.ReadAllLinesAsync(gateway.LogFile), line => line.Contains("Exception", StringComparison.Ordinal) || line.Contains(" failed", StringComparison.Ordinal));
        var history = rooms.SelectMany(rig.Rooms.History).ToList();
        Assert.Contains(history, happened => happened is RoomEvent.RemovalRequested { Reason: "host" });
        Assert.Contains(history, happened => happened is RoomEvent.AnchorLeft { Reason: LeaveReasons.Removed });
        await using var visitor = await rig.Join(await rig.OnAir(), Role.Guest);
        await visitor.Offer();
    }

    private Task Send(int first, int count) => Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
    {
        var random = new Random(Seed + first + connection);
        var (user, role) = (new UserId(Guid.NewGuid()), connection % 2 == 0 ? Role.Guest : Role.Host);
        var frames = new FrameMutations(random, user);
        var room = await NewRoom();
        ClientWebSocket? socket = null;
        for (var i = 0; i < count / Connections; i++)
        {
            var frame = frames.Next();
            if (socket is not { State: WebSocketState.Open })
            {
                if (rig.Rooms.History(room).OfType<RoomEvent.RemovalRequested>().Any())
                    room = await NewRoom();
                socket?.Dispose();
                socket = await Connect(room, user, role);
            }
            // What is no UTF-8 reaches our reader in a binary message only: in a text message WebSocket itself ends the connection (RFC 6455, 8.1).
            await socket.SendAsync(frame.AsMemory(), Utf8.IsValid(frame) ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            await Probe(socket, role, $"seed {Seed}, connection {connection}, frame {i}: {Convert.ToBase64String(frame)}");
        }
        socket?.Dispose();
    })));

    /// <summary>After every frame a request is answered, and no answer to anything was "internal error"; a connection may only end as it was asked to.</summary>
    private static async Task Probe(ClientWebSocket socket, Role role, string what)
    {
        await socket.SendAsync("""{"jsonrpc":"2.0","method":"probe","id":"probe"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (await Receive(socket) is { } answer)
        {
            Assert.False(answer.Contains("-32603", StringComparison.Ordinal), $"{what} -> {answer}");
            if (answer.Contains("\"id\":\"probe\"", StringComparison.Ordinal))
                return;
        }
        Assert.True((int?)socket.CloseStatus is 1000 || (role is Role.Host && (int?)socket.CloseStatus is Removed or RoomEnded), $"{what} -> closed {(int?)socket.CloseStatus} {socket.CloseStatusDescription}");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task<string?> Receive(ClientWebSocket socket)
    {
        var buffer = new MemoryStream();
        var part = new byte[16 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(part.AsMemory(), CancellationToken.None).AsTask().WaitAsync(WorkerRig.Patience);
            if (read.MessageType is WebSocketMessageType.Close)
                return null;
            buffer.Write(part, 0, read.Count);
            if (read.EndOfMessage)
                return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
        }
    }

    private async Task<RoomId> NewRoom()
    {
        var room = await rig.OnAir();
        rooms.Enqueue(room);
        return room;
    }

    private async Task<ClientWebSocket> Connect(RoomId room, UserId user, Role role)
    {
        await rig.Rooms.Do(new RoomCommand.AdmitAnchor(room, user, role, RoomsInMemory.Now));
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(rig.Address(rig.TokenOf(room, user, role), gateway: gateway), CancellationToken.None);
        return socket;
    }

    private async Task<long> Resident()
    {
        var line = (await File.ReadAllLinesAsync($"/proc/{gateway.ProcessId}/status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
