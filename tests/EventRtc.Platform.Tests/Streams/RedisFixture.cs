using System.Runtime.CompilerServices;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Streams;

/// <summary>One Redis for all tests that do it no harm; every test uses keys of its own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private RedisServer? server;
    private RedisClient? client;

    public string Address => server!.Address;

    public RedisClient Client => client!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.Start(folder.Path);
        client = Connect(Patient(Address));
    }

    public async ValueTask DisposeAsync()
    {
        await client!.DisposeAsync();
        await server!.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Time-outs for a machine that does much else; tests of time-outs set their own.</summary>
    public static RedisOptions Patient(string address) => new()
    {
        Address = address,
        CommandTimeout = TimeSpan.FromSeconds(30),
        ConnectTimeout = TimeSpan.FromSeconds(30),
    };

    public static RedisClient Connect(RedisOptions options) => new(options, NullLogger<RedisClient>.Instance);

    /// <summary>How many clients wait on the server at this moment.</summary>
    public static async Task<int> BlockedReads(RedisClient redis) => int.Parse(
        ((string)(await redis.ExecuteAsync(["INFO", "clients"]))!).Split("\r\n").Single(line => line.StartsWith("blocked_clients:", StringComparison.Ordinal))[16..]);

    /// <summary>A key that no other test and no other run of the same test uses.</summary>
    public static string Key([CallerMemberName] string test = "") => $"{test}:{Guid.NewGuid():N}";
}

[CollectionDefinition(Name)]
public sealed class SharedRedis : ICollectionFixture<RedisFixture>
{
    public const string Name = "Redis";
}
