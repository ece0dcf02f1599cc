using EventRtc.JsonRpc.Redis;
using EventRtc.Local;
using EventRtc.Platform.Tests.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>The specification's examples over Redis: the frame is an entry's body, the answer comes into the caller's own stream.</summary>
[Collection(SharedRedis.Name)]
public sealed class SpecificationOverRedisTests(RedisFixture fixture) : SpecificationExamples, IAsyncLifetime
{
    private readonly string service = $"maths-{Guid.NewGuid():N}";
    private readonly CancellationTokenSource stop = new();
    private Task serving = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        var server = new RedisRpcServer(
            fixture.Client, service, "one", SpecificationMethods.Create(), new RedisRpcServerOptions(), NullLogger<RedisRpcServer>.Instance, TimeProvider.System);
        serving = server.Run(stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    /// <summary>Answer and acknowledgement are one step: an entry that was delivered and is not pending is answered, or never will be.</summary>
    protected override async Task<string?> Ask(string request)
    {
        var entry = await fixture.Client.StreamAddAsync($"rpc:{service}", [new("rpc", request), new("caller", service), new("ttl", 60_000)]);
        await Eventually.True(
            async () => await fixture.Client.StreamGroupsAsync($"rpc:{service}") is [{ Pending: 0, LastDeliveredId: var last }] && last == entry, TimeSpan.FromSeconds(15), "the frame is handled");
        var answers = await fixture.Client.StreamRangeAsync($"rpc:reply:{service}");
        return answers.Count == 0 ? null : (string?)Assert.Single(answers)["rpc"];
    }
}
