using System.Collections.Concurrent;
using System.Text.Json;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Platform.Tests.Hosting.Logging;
using EventRtc.Streams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.JsonRpc;

public sealed class RedisRpcTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private readonly TestFolder folder = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private RedisServer server = null!;
    private RedisClient redis = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.Start(folder.Path);
        redis = Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        await redis.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task A_request_is_answered_by_the_service()
    {
        Serve("maths", SpecificationMethods.Create());
        var client = Client("asker");

        Assert.Equal(19, await client.Request<int>("maths", "subtract", new { minuend = 42, subtrahend = 23 }));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.Request<int>("maths", "full", null));
        Assert.Equal((RpcErrors.Conflict, "room_full", true), (refused.Code, refused.Reason, refused.Retryable));
        var unknown = await Assert.ThrowsAsync<RpcException>(() => client.Request<int>("maths", "nowhere", null));
        Assert.Equal(RpcErrors.MethodNotFound, unknown.Code);
    }

    [Fact]
    public async Task Instances_share_the_requests_and_each_caller_gets_its_own_answers()
    {
        var byInstance = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        foreach (var instance in (string[])["one", "two"])
        {
            Serve("who", Methods().On<int[], string>("am_i", async (given, context, _) =>
            {
                byInstance.AddOrUpdate(instance, 1, (_, count) => count + 1);
                await Task.Yield();
                return $"{context.Caller} {given[0]}";
            }), instance, new RedisRpcServerOptions { Parallelism = 4 });
        }
        var callers = new[] { ("left", Client("left")), ("right", Client("right")) };

        var asked = callers.SelectMany(caller => Enumerable.Range(0, 500).Select(async i =>
            Assert.Equal($"{caller.Item1} {i}", await caller.Item2.Request<string>("who", "am_i", Numbers(i)))));
        await Task.WhenAll(asked);

        Assert.Equal(1000, byInstance.Values.Sum());
        Assert.Equal(2, byInstance.Count);
        await Eventually.True(async () => await PendingOf("who") == 0, Soon, "every request is acknowledged");
    }

    [Fact]
    public async Task What_was_asked_before_the_service_ran_is_answered()
    {
        var asked = Client("early").Request<int>("late", "sum", Numbers(1, 2));
        await Eventually.True(async () => await redis.StreamLengthAsync("rpc:late") == 1, Soon, "the request lies in the stream");

        Serve("late", SpecificationMethods.Create());

        Assert.Equal(3, await asked);
    }

    [Fact]
    public async Task A_request_whose_consumer_died_goes_to_another()
    {
        var client = Client("asker");
        await redis.StreamCreateConsumerGroupAsync("rpc:maths", "maths", "0-0");
        var asked = client.Request<int>("maths", "sum", Numbers(1, 2, 3));
        await Eventually.True(
            async () => (await redis.StreamReadGroupAsync("maths", "died", [new StreamPosition("rpc:maths", ">")])).Count > 0, Soon, "a consumer takes the request and dies");

        Serve("maths", SpecificationMethods.Create(), options: new RedisRpcServerOptions { ReclaimAfter = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(6, await asked);
        await Eventually.True(async () => await PendingOf("maths") == 0, Soon, "the request is acknowledged");
    }

    [Fact]
    public async Task A_slow_request_stays_with_its_consumer_and_runs_once()
    {
        var runs = 0;
        var gate = new TaskCompletionSource();
        foreach (var instance in (string[])["one", "two"])
        {
            Serve("slow", Methods().On<JsonElement>("work", async (_, _, ct) =>
            {
                Interlocked.Increment(ref runs);
                await gate.Task.WaitAsync(ct);
            }), instance, new RedisRpcServerOptions { ReclaimAfter = TimeSpan.FromMilliseconds(200) });
        }
        var asked = Client("asker").Request<object?>("slow", "work", new { });

        // Ten sweeps of the other instance pass meanwhile.
        await Assert.ThrowsAsync<TimeoutException>(() => Client("other").Request<object?>("nobody", "at_home", null, TimeSpan.FromSeconds(1)));
        gate.SetResult();
        await asked;

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task An_expired_request_is_dropped()
    {
        var calls = new ConcurrentQueue<int>();
        var entry = await redis.StreamAddAsync("rpc:maths", [new("rpc", """{"jsonrpc":"2.0","method":"note","params":[1],"id":1}"""), new("caller", "gone"), new("ttl", 50)]);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(entry.Split('-')[0])).AddMilliseconds(50);
        await Eventually.True(() => TimeProvider.System.GetUtcNow() > expires, Soon, "the request's time is over");

        Serve("maths", Methods().On<int[]>("note", (given, _, _) =>
        {
            calls.Enqueue(given[0]);
            return Task.CompletedTask;
        }));
        await Client("asker").Request<object?>("maths", "note", Numbers(2));

        Assert.Equal([2], calls);
        await Eventually.True(async () => await PendingOf("maths") == 0, Soon, "the dropped one is acknowledged too");
    }

    [Fact]
    public async Task A_line_about_a_request_that_is_not_handled_has_its_ids()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var rig = new LogRig();
        var name = Guid.NewGuid();
        await redis.StreamAddAsync("rpc:maths", [
            new("rpc", """{"jsonrpc":"2.0","method":"note","params":[1],"id":1}"""), new("caller", "gone"), new("ttl", 0),
            new("name", $"{name}"), new("correlation", "errand-1"), new("traceparent", $"00-{Trace}-b7ad6b7169203331-00")]);
        Serve("maths", Methods().On<int[]>("note", (_, _, ct) => Task.Delay(-1, ct)), log: rig.LoggerOf<RedisRpcServer>());
        await Assert.ThrowsAsync<TimeoutException>(() =>
            Client("asker").Request<object?>("maths", "note", Numbers(2), TimeSpan.FromMilliseconds(200), name, correlation: "errand-2"));
        await Eventually.True(async () => await PendingOf("maths") == 0, Soon, "both are done with");

        var lines = rig.Lines();
        Assert.Equal(["errand-1", "errand-2"], lines.Select(line => line.GetProperty("correlation").GetString()));
        Assert.All(lines, line => Assert.Equal($"{name}", line.GetProperty("command").GetString()));
        Assert.Equal(Trace, lines[0].GetProperty("trace").GetString());
    }

    [Fact]
    public async Task A_line_about_an_answer_that_cannot_be_sent_has_its_requests_ids()
    {
        using var rig = new LogRig();
        var calls = 0;
        await redis.ExecuteAsync(["SET", "rpc:reply:stranger", "no stream"]);
        await redis.StreamAddAsync("rpc:maths", [
            new("rpc", """{"jsonrpc":"2.0","method":"note","params":[1],"id":1}"""), new("caller", "stranger"), new("ttl", 60_000), new("correlation", "errand-1")]);
        Serve("maths", Methods().On<int[]>("note", (_, _, _) =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        }), options: new RedisRpcServerOptions { ReclaimAfter = TimeSpan.FromMilliseconds(100) }, log: rig.LoggerOf<RedisRpcServer>());

        await Eventually.True(() => Volatile.Read(ref calls) > 1, Soon, "it is answered again");

        var unsent = rig.Lines().First(line => line.GetProperty("message").GetString()!.StartsWith("The answer to ", StringComparison.Ordinal));
        Assert.Equal("errand-1", unsent.GetProperty("correlation").GetString());
    }

    [Fact]
    public async Task A_request_belongs_to_the_errand_that_its_caller_names_and_else_to_itself()
    {
        var seen = new ConcurrentQueue<RpcContext>();
        Serve("named", Methods().On<JsonElement>("note", (_, context, _) =>
        {
            seen.Enqueue(context);
            return Task.CompletedTask;
        }));
        var client = Client("asker");

        await client.Request<object?>("named", "note", new { }, correlation: "errand-1");
        await client.Request<object?>("named", "note", new { });

        Assert.Equal(["errand-1", $"{seen.Last().RequestId:N}"], seen.Select(context => context.Correlation));
    }

    [Fact]
    public async Task A_handler_is_cancelled_when_its_caller_has_given_up()
    {
        var cancelled = new TaskCompletionSource();
        Serve("slow", Methods().On<JsonElement>("work", async (_, _, ct) =>
        {
            await using var end = ct.Register(cancelled.SetResult);
            await Task.Delay(-1, ct);
        }));

        await Assert.ThrowsAsync<TimeoutException>(() => Client("asker").Request<object?>("slow", "work", new { }, TimeSpan.FromMilliseconds(200)));

        await cancelled.Task.WaitAsync(Soon);
        await Eventually.True(async () => await PendingOf("slow") == 0, Soon, "the request is acknowledged");
    }

    [Fact]
    public async Task A_named_request_keeps_its_id_whoever_sends_it_again()
    {
        var ids = new ConcurrentQueue<Guid>();
        Serve("named", Methods().On<JsonElement>("note", (_, context, _) =>
        {
            ids.Enqueue(context.RequestId);
            return Task.CompletedTask;
        }));
        var name = Guid.NewGuid();

        foreach (var client in (RedisRpcClient[])[Client("left"), Client("right")])
            await client.Request<object?>("named", "note", new { }, name: name);

        Assert.Equal([name, name], ids);
    }

    [Fact]
    public async Task The_same_request_delivered_twice_has_the_same_id_and_another_one_another()
    {
        var ids = new ConcurrentQueue<Guid>();
        Serve("ids", Methods().On<JsonElement>("note", (_, context, _) =>
        {
            ids.Enqueue(context.RequestId);
            return Task.CompletedTask;
        }));
        var client = Client("asker");
        await client.Request<object?>("ids", "note", new { });
        await client.Request<object?>("ids", "note", new { });

        var first = (await redis.StreamRangeAsync("rpc:ids"))[0];
        await redis.StreamAddAsync("rpc:ids", first.Values);
        await Eventually.True(() => ids.Count == 3, Soon, "the copy is handled as well");

        Assert.Equal([ids.ElementAt(0), ids.ElementAt(1), ids.ElementAt(0)], ids);
        Assert.NotEqual(ids.ElementAt(0), ids.ElementAt(1));
    }

    [Theory]
    [InlineData("{nonsense", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":7,"id":1}""", -32600)]
    public async Task A_malformed_request_is_answered(string body, int code)
    {
        Serve("maths", SpecificationMethods.Create());

        await redis.StreamAddAsync("rpc:maths", [new("rpc", body), new("caller", "stranger"), new("ttl", 5000)]);

        var answer = await Eventually.Value(async () => await redis.StreamRangeAsync("rpc:reply:stranger") is [var first, ..] ? first : null, Soon, "an answer comes");
        Assert.Equal(code, JsonElement.Parse((string)answer["rpc"]!).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Entries_that_are_no_requests_are_passed_over()
    {
        Serve("maths", SpecificationMethods.Create());

        await redis.StreamAddAsync("rpc:maths", [new("something", "else")]);
        await redis.StreamAddAsync("rpc:maths", [new("rpc", "{}"), new("caller", "x"), new("ttl", "soon")]);

        Assert.Equal(3, await Client("asker").Request<int>("maths", "sum", Numbers(1, 2)));
        await Eventually.True(async () => await PendingOf("maths") == 0, Soon, "they are acknowledged");
    }

    [Fact]
    public async Task Replies_nobody_reads_any_more_vanish()
    {
        Serve("maths", SpecificationMethods.Create());
        await Client("asker").Request<int>("maths", "sum", Numbers(1));

        Assert.InRange((await redis.KeyTimeToLiveAsync("rpc:reply:asker"))!.Value, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Handled_requests_are_trimmed_by_their_age()
    {
        Serve("maths", SpecificationMethods.Create(), options: new RedisRpcServerOptions { KeepFor = TimeSpan.FromSeconds(1), ReclaimAfter = TimeSpan.FromMilliseconds(400) });
        for (var i = 0; i < 5; i++)
            await Client("asker").Request<int>("maths", "sum", Numbers(i));
        Assert.InRange(await redis.StreamLengthAsync("rpc:maths"), 1, 5);

        await Eventually.True(async () => await redis.StreamLengthAsync("rpc:maths") <= 1, Soon, "none but the newest is left");

        Assert.Equal(7, await Client("asker").Request<int>("maths", "sum", Numbers(7)));
    }

    [Fact]
    public async Task Requests_to_a_service_that_does_not_run_are_trimmed_by_their_age()
    {
        var client = Client("asker", new RedisRpcClientOptions { KeepFor = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(50) });
        Task<TimeoutException> Ask() => Assert.ThrowsAsync<TimeoutException>(() => client.Request<int>("nobody", "sum", Numbers(1)));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Ask()));
        Assert.Equal(1000, await redis.StreamLengthAsync("rpc:nobody"));

        await Eventually.True(
            async () =>
            {
                await Ask();
                return await redis.StreamLengthAsync("rpc:nobody") < 100;
            },
            Soon,
            "whole nodes of the stream, 4 KB each, go with the requests that come after");

        var late = Client("patient", new RedisRpcClientOptions { KeepFor = TimeSpan.FromSeconds(1), Timeout = Soon }).Request<int>("nobody", "sum", Numbers(1, 2));
        Serve("nobody", SpecificationMethods.Create());
        Assert.Equal(3, await late);
    }

    [Fact]
    public async Task What_nobody_has_taken_yet_is_counted()
    {
        using var shown = new ShownGauges("EventRtc.JsonRpc");
        var gate = new TaskCompletionSource();
        Serve("queue", Methods().On<JsonElement>("work", (_, _, ct) => gate.Task.WaitAsync(ct)), options: new RedisRpcServerOptions { Parallelism = 1, ReclaimAfter = TimeSpan.FromMilliseconds(200) });
        var client = Client("asker");

        var asked = Enumerable.Range(0, 5).Select(_ => client.Request<object?>("queue", "work", new { }, Soon)).ToList();
        await Eventually.True(() => shown.Of("eventrtc.rpc.server.waiting", "queue") is [.., 4], Soon, "four wait for their turn");
        gate.SetResult();
        await Task.WhenAll(asked);

        await Eventually.True(() => shown.Of("eventrtc.rpc.server.waiting", "queue") is [.., 0], Soon, "none waits");
    }

    [Fact]
    public async Task Requests_go_on_after_Redis_was_killed()
    {
        Serve("maths", SpecificationMethods.Create());
        var client = Client("asker");
        Assert.Equal(1, await client.Request<int>("maths", "sum", Numbers(1)));

        await server.Kill();
        var during = client.Request<int>("maths", "sum", Numbers(2));
        await server.Restart();

        Assert.Equal(2, await during);
        Assert.Equal(3, await client.Request<int>("maths", "sum", Numbers(3)));
    }

    [Fact]
    public async Task Requests_under_way_survive_the_kill_of_Redis()
    {
        var gate = new TaskCompletionSource();
        Serve("slow", Methods().On<int[], int>("work", async (given, _, ct) =>
        {
            await gate.Task.WaitAsync(ct);
            return given[0];
        }), options: new RedisRpcServerOptions { ReclaimAfter = TimeSpan.FromMilliseconds(500) });
        var client = Client("asker");
        var asked = Enumerable.Range(0, 20).Select(i => client.Request<int>("slow", "work", Numbers(i), Soon)).ToList();
        await Eventually.True(async () => await PendingOf("slow") == 20, Soon, "the service works on all of them");

        await server.Kill();
        gate.SetResult();
        await server.Restart();

        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(asked));
    }

    [Fact]
    public async Task A_Redis_that_lost_its_data_is_no_end()
    {
        Serve("maths", SpecificationMethods.Create());
        var client = Client("asker");
        Assert.Equal(1, await client.Request<int>("maths", "sum", Numbers(1)));

        await redis.ExecuteAsync(["FLUSHALL"]);

        await Eventually.True(
            async () => await client.Request<int>("maths", "sum", Numbers(2), TimeSpan.FromSeconds(1)) == 2, Soon, "the group is there again");
    }

    [Fact]
    public async Task A_frozen_Redis_holds_requests_up_and_loses_none()
    {
        Serve("maths", SpecificationMethods.Create());
        var client = Client("asker");
        Assert.Equal(1, await client.Request<int>("maths", "sum", Numbers(1)));

        await server.Freeze();
        var patient = client.Request<int>("maths", "sum", Numbers(2), Soon);
        await Assert.ThrowsAsync<TimeoutException>(() => client.Request<int>("maths", "sum", Numbers(3), TimeSpan.FromMilliseconds(300)));
        server.Thaw();

        Assert.Equal(2, await patient);
    }

    private static int[] Numbers(params int[] numbers) => numbers;

    private static RpcMethods Methods() => new(NullLogger<RpcMethods>.Instance);

    private RedisClient Connect() => new(new RedisOptions { Address = server.Address }, NullLogger<RedisClient>.Instance);

    private void Serve(string service, RpcMethods methods, string instance = "one", RedisRpcServerOptions? options = null, ILogger<RedisRpcServer>? log = null) => KeepRunning(
        new RedisRpcServer(redis, service, instance, methods, options ?? new(), log ?? NullLogger<RedisRpcServer>.Instance, TimeProvider.System).Run);

    private RedisRpcClient Client(string instance, RedisRpcClientOptions? options = null)
    {
        var client = new RedisRpcClient(redis, instance, options ?? new(), NullLogger<RedisRpcClient>.Instance, TimeProvider.System);
        KeepRunning(client.Run);
        return client;
    }

    /// <summary>What a service's background loop does: run again after a failure.</summary>
    private void KeepRunning(Func<CancellationToken, Task> run) => running.Add(Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop.Token);
            }
            catch (RedisException)
            {
                await Task.Delay(50);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }));

    private async Task<long> PendingOf(string service) => (long)(await redis.ExecuteAsync(["XPENDING", $"rpc:{service}", service]))[0];
}
