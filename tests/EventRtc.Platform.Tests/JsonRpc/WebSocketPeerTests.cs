using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.JsonRpc;

public sealed class WebSocketPeerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Both_ends_serve_and_ask_over_one_connection()
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        await using var client = await Client.Connect(server.Address, SpecificationMethods.Create());
        var serving = await server.OnlyPeer();

        Assert.Equal(19, await client.Peer.Request<int>("subtract", new { minuend = 42, subtrahend = 23 }));
        Assert.Equal(6, await serving.Request<int>("sum", Numbers(1, 2, 3)));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.Peer.Request<int>("full", null));
        Assert.Equal((RpcErrors.Conflict, "room_full", true), (refused.Code, refused.Reason, refused.Retryable));
    }

    [Fact]
    public async Task Answers_find_their_requests_though_they_overtake_each_other()
    {
        var slow = new TaskCompletionSource();
        var methods = Methods().On<int[], int>("wait", async (given, _, ct) =>
        {
            if (given[0] == 0)
                await slow.Task.WaitAsync(ct);
            return given[0];
        });
        await using var server = await WebSocketEndpoint.Start(methods);
        await using var client = await Client.Connect(server.Address, Methods());

        var first = client.Peer.Request<int>("wait", Numbers(0));
        var others = await Task.WhenAll(Enumerable.Range(1, 50).Select(n => client.Peer.Request<int>("wait", Numbers(n))));
        slow.SetResult();

        Assert.Equal(Enumerable.Range(1, 50), others);
        Assert.Equal(0, await first);
    }

    [Fact]
    public async Task Notifications_arrive_in_order()
    {
        var heard = new List<int>();
        await using var server = await WebSocketEndpoint.Start(Methods());
        await using var client = await Client.Connect(server.Address, Methods().On<int[]>("count", (n, _, _) =>
        {
            heard.Add(n[0]);
            return Task.CompletedTask;
        }));
        var serving = await server.OnlyPeer();

        for (var i = 0; i < 200; i++)
            serving.Notify("count", Numbers(i));

        await Eventually.True(() => heard.Count == 200, Soon, "every notification arrives");
        Assert.Equal(Enumerable.Range(0, 200), heard);
    }

    [Theory]
    [InlineData("{nonsense", -32700)]
    [InlineData("", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("\"text\"", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":7,"id":1}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"nowhere","id":1}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","params":{},"id":1}""", -32602)]
    public async Task A_bad_frame_is_answered_and_the_connection_lives(string frame, int code)
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        using var client = await RawClient.Connect(server.Address);

        await client.Send(frame);
        Assert.Equal(code, (await client.Receive())?.GetProperty("error").GetProperty("code").GetInt32());

        await AssertAlive(client);
    }

    [Fact]
    public async Task Binary_frames_and_fragments_are_read_alike()
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        using var client = await RawClient.Connect(server.Address);

        await client.Send([0xC3, 0x28], WebSocketMessageType.Binary);
        Assert.Equal(-32700, (await client.Receive())?.GetProperty("error").GetProperty("code").GetInt32());

        var request = """{"jsonrpc":"2.0","method":"sum","params":[1,2],"id":"a"}"""u8.ToArray();
        foreach (var one in request[..^1])
            await client.Send([one], endOfMessage: false);
        await client.Send(request[^1..]);
        Assert.Equal(3, (await client.Receive())?.GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task An_answer_nobody_waits_for_is_ignored()
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        using var client = await RawClient.Connect(server.Address);

        await client.Send("""{"jsonrpc":"2.0","result":1,"id":99}""");
        await client.Send("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""");

        await AssertAlive(client);
    }

    [Fact]
    public async Task A_message_of_64_KiB_is_taken_and_a_longer_one_is_refused()
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        using var client = await RawClient.Connect(server.Address);
        const string Head = """{"jsonrpc":"2.0","id":1,"method":"echo","params":[""", Tail = "\"]}";

        await client.Send($"{Head}\"{new string('x', 65_536 - Head.Length - 1 - Tail.Length)}{Tail}");
        Assert.Equal(JsonValueKind.Array, (await client.Receive())?.GetProperty("result").ValueKind);

        await client.Send($"{Head}\"{new string('x', 300_000)}{Tail}");
        var refused = (await client.Receive())?.GetProperty("error");
        Assert.Equal(-32600, refused?.GetProperty("code").GetInt32());
        Assert.Equal("A message is at most 65536 bytes.", refused?.GetProperty("data").GetProperty("detail").GetString());

        await AssertAlive(client);
    }

    [Fact]
    public async Task More_requests_at_once_than_the_limit_are_refused_and_may_be_retried()
    {
        var gate = new TaskCompletionSource();
        await using var server = await WebSocketEndpoint.Start(
            Methods().On<JsonElement>("wait", (_, _, ct) => gate.Task.WaitAsync(ct)), new WebSocketPeerOptions { InFlightLimit = 2 });
        await using var client = await Client.Connect(server.Address, Methods());

        var held = new[] { client.Peer.Request<object?>("wait", new { }), client.Peer.Request<object?>("wait", new { }) };
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.Peer.Request<object?>("wait", new { }));
        gate.SetResult();
        await Task.WhenAll(held);

        Assert.Equal((RpcErrors.TooMany, "too_many_requests", true), (refused.Code, refused.Reason, refused.Retryable));
        Assert.Equal(1000, refused.ErrorData!.Value.GetProperty("retryAfterMs").GetInt32());
        await client.Peer.Request<object?>("wait", new { });
    }

    [Fact]
    public async Task A_request_without_an_answer_times_out_and_the_connection_lives()
    {
        await using var server = await WebSocketEndpoint.Start(Methods().On<JsonElement>("never", (_, context, _) => Task.Delay(-1, context.Peer!.Ended)).On<JsonElement, int>("one", (_, _, _) => Task.FromResult(1)));
        await using var client = await Client.Connect(server.Address, Methods(), new WebSocketPeerOptions { RequestTimeout = TimeSpan.FromMilliseconds(100) });

        await Assert.ThrowsAsync<TimeoutException>(() => client.Peer.Request<object?>("never", new { }));

        Assert.Equal(1, await client.Peer.Request<int>("one", new { }));
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("\"a\"", "\"a\"")]
    public async Task A_request_that_is_taken_back_ends_and_is_answered_so(string id, string cancelled)
    {
        var ended = new TaskCompletionSource();
        await using var server = await WebSocketEndpoint.Start(Methods().On<JsonElement>("never", async (_, _, ct) =>
        {
            await using var told = ct.Register(ended.SetResult);
            await Task.Delay(-1, ct);
        }));
        using var client = await RawClient.Connect(server.Address);

        await client.Send($$"""{"jsonrpc":"2.0","method":"never","params":{},"id":{{id}}}""");
        await client.Send($$$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{{{cancelled}}}}}""");

        var answer = (await client.Receive())!.Value;
        Assert.Equal((id, -32800), (answer.GetProperty("id").GetRawText(), answer.GetProperty("error").GetProperty("code").GetInt32()));
        await ended.Task.WaitAsync(Soon);
        await client.Send("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"nobody's"}}""");
        await AssertServes(client);
    }

    [Fact]
    public async Task A_caller_that_does_not_wait_any_longer_takes_its_request_back()
    {
        var ended = new TaskCompletionSource();
        await using var server = await WebSocketEndpoint.Start(Methods().On<JsonElement>("never", async (_, _, ct) =>
        {
            await using var told = ct.Register(ended.SetResult);
            await Task.Delay(-1, ct);
        }));
        await using var client = await Client.Connect(server.Address, Methods());
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Peer.Request<object?>("never", new { }, patience.Token));

        await ended.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task The_gate_is_asked_before_each_message_of_a_batch_too()
    {
        var left = 2;
        await using var server = await WebSocketEndpoint.Start(
            SpecificationMethods.Create(),
            new WebSocketPeerOptions { Gate = () => left-- > 0 ? null : new RpcException(RpcErrors.TooMany, "Enough", new RpcErrorData("enough", Retryable: true, 50)) });
        using var client = await RawClient.Connect(server.Address);

        await client.Send("""[{"jsonrpc":"2.0","method":"sum","params":[1],"id":1},{"jsonrpc":"2.0","method":"sum","params":[2],"id":2},{"jsonrpc":"2.0","method":"sum","params":[3],"id":3}]""");

        var answers = (await client.Receive())!.Value.EnumerateArray().ToList();
        Assert.Equal([1, 2], answers.Take(2).Select(answer => answer.GetProperty("result").GetInt32()));
        Assert.Equal("""{"code":"enough","retryable":true,"retryAfterMs":50}""", answers[2].GetProperty("error").GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_closed_4029()
    {
        await using var server = await WebSocketEndpoint.Start(
            Methods(), new WebSocketPeerOptions { SendQueue = 8, CloseGrace = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.Connect(server.Address);
        var serving = await server.OnlyPeer();

        await Eventually.True(
            () =>
            {
                for (var i = 0; i < 100; i++)
                    serving.Notify("news", new { text = new string('x', 50_000) });
                return server.Ended.Count == 1;
            },
            Soon,
            "the queue overflows once the sockets' buffers are full");

        Assert.Equal(4029, (await server.OnlyEnd()).Code);
        await Assert.ThrowsAsync<WebSocketException>(client.Closed); // cut off: the close stood behind what it did not read
    }

    [Fact]
    public async Task A_slow_reader_who_reads_again_in_time_is_told_why_it_is_closed()
    {
        await using var server = await WebSocketEndpoint.Start(Methods(), new WebSocketPeerOptions { SendQueue = 8, CloseGrace = Soon });
        using var client = await RawClient.Connect(server.Address);
        var serving = await server.OnlyPeer();

        while (!serving.IsClosing)
            serving.Notify("news", new { text = new string('x', 50_000) });
        var end = await client.Closed();
        await client.Close();

        Assert.Equal((4029, """{"code":"slow_consumer","retryable":true,"retryAfterMs":1000}"""), end);
        Assert.Equal(new PeerClosed(4029, end.Reason, ByUs: true), await server.OnlyEnd());
    }

    [Fact]
    public async Task A_close_lets_the_answer_under_way_go_first()
    {
        await using var server = await WebSocketEndpoint.Start(Methods().On<JsonElement, string>("leave", async (_, context, _) =>
        {
            context.Peer!.Close(1000, "left");
            await Task.Yield();
            return "bye";
        }));
        using var client = await RawClient.Connect(server.Address);

        await client.Send("""{"jsonrpc":"2.0","method":"leave","id":1}""");

        Assert.Equal("bye", (await client.Receive())?.GetProperty("result").GetString());
        Assert.Equal((1000, "left"), await client.Closed());
    }

    [Fact]
    public async Task The_first_close_counts_and_nothing_is_served_after_it()
    {
        await using var server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        using var client = await RawClient.Connect(server.Address);
        var serving = await server.OnlyPeer();

        serving.Close(4410, "room ended");
        serving.Close(1000, "too late");
        await client.Send("""{"jsonrpc":"2.0","method":"sum","params":[1],"id":1}""");

        Assert.Null(await client.Receive());
        await client.Close();
        Assert.Equal(new PeerClosed(4410, "room ended", ByUs: true), await server.OnlyEnd());
        await Assert.ThrowsAsync<PeerClosedException>(() => serving.Request<int>("sum", Numbers(1)));
    }

    [Fact]
    public async Task A_client_that_never_closes_its_end_is_cut_off()
    {
        await using var server = await WebSocketEndpoint.Start(Methods(), new WebSocketPeerOptions { CloseGrace = TimeSpan.FromMilliseconds(100) });
        using var client = await RawClient.Connect(server.Address);

        (await server.OnlyPeer()).Close(1012, "restart");

        Assert.Equal(1012, (await server.OnlyEnd()).Code);
    }

    [Fact]
    public async Task A_broken_connection_ends_handlers_and_requests()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await WebSocketEndpoint.Start(Methods().On<JsonElement>("wait", async (_, _, ct) =>
        {
            await using var end = ct.Register(cancelled.SetResult);
            started.SetResult();
            await Task.Delay(-1, ct);
        }));
        using var client = await RawClient.Connect(server.Address);
        var asking = (await server.OnlyPeer()).Request<int>("anything", null);
        await client.Send("""{"jsonrpc":"2.0","method":"wait","id":1}""");
        await started.Task.WaitAsync(Soon);

        client.Abort();

        await cancelled.Task.WaitAsync(Soon);
        await Assert.ThrowsAsync<PeerClosedException>(() => asking);
        Assert.Equal(new PeerClosed(1006, "", ByUs: false), await server.OnlyEnd());
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_with_its_own_code()
    {
        await using var server = await WebSocketEndpoint.Start(Methods());
        await using var client = await Client.Connect(server.Address, Methods());

        client.Peer.Close(4000, "done");

        Assert.Equal(new PeerClosed(4000, "done", ByUs: true), await client.Run);
        Assert.Equal(new PeerClosed(4000, "done", ByUs: false), await server.OnlyEnd());
    }

    private static int[] Numbers(params int[] numbers) => numbers;

    private static RpcMethods Methods() => new(NullLogger<RpcMethods>.Instance);

    private static async Task AssertServes(RawClient client)
    {
        await client.Send("""{"jsonrpc":"2.0","method":"nowhere","id":0}""");
        Assert.Equal(-32601, (await client.Receive())?.GetProperty("error").GetProperty("code").GetInt32());
    }

    private static async Task AssertAlive(RawClient client)
    {
        await client.Send("""{"jsonrpc":"2.0","method":"sum","params":[1,2,4],"id":"alive"}""");
        Assert.Equal(7, (await client.Receive())?.GetProperty("result").GetInt32());
    }

    /// <summary>Our own peer as the client.</summary>
    private sealed class Client(WebSocketPeer peer, CancellationTokenSource stop) : IAsyncDisposable
    {
        public WebSocketPeer Peer { get; } = peer;

        public Task<PeerClosed> Run { get; } = peer.Run(stop.Token);

        public static async Task<Client> Connect(Uri address, RpcMethods methods, WebSocketPeerOptions? options = null)
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(address, CancellationToken.None);
            return new Client(
                new WebSocketPeer(socket, "client", methods, options ?? new WebSocketPeerOptions(), NullLogger<WebSocketPeer>.Instance, TimeProvider.System),
                new CancellationTokenSource());
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await Run;
            Peer.Dispose();
            stop.Dispose();
        }
    }
}
