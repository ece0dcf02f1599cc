using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>The three real servers between a command and a view; tests that share them run one after another.</summary>
public sealed class ProjectorFixture : IAsyncLifetime
{
    private readonly TestFolder folder = new();

    public PostgresServer Postgres { get; private set; } = null!;

    public RedisServer Redis { get; private set; } = null!;

    public EtcdServer Etcd { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (postgres, redis, etcd) = (PostgresServer.Start(In("postgres")), RedisServer.Start(In("redis")), EtcdServer.Start(In("etcd")));
        (Postgres, Redis, Etcd) = (await postgres, await redis, await etcd);
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
        await Etcd.DisposeAsync();
        folder.Dispose();
    }

    private string In(string name) => Path.Combine(folder.Path, name);
}

[CollectionDefinition(nameof(ProjectorCollection))]
public sealed class ProjectorCollection : ICollectionFixture<ProjectorFixture>;
