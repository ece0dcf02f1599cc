using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Streams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Ops;

/// <summary>The deployment that a command works on, by the same environment variables that the services take: POSTGRES_DSN, REDIS_ADDR, ETCD_ENDPOINTS ...</summary>
/// <exception cref="SettingsException">A variable cannot be used; the message names it.</exception>
internal static class Servers
{
    private static readonly IConfiguration Environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();

    public static T Settings<T>(string prefix) where T : new() => Hosting.Settings.Bind<T>(Environment, prefix);

    public static PostgresEventStore Store() => new(Settings<EventStoreOptions>("POSTGRES"), TimeProvider.System, NullLogger<PostgresEventStore>.Instance);

    public static EtcdClient Etcd() => new(Settings<EtcdOptions>("ETCD"), NullLogger<EtcdClient>.Instance);

    public static RedisClient Redis() => new(Settings<RedisOptions>("REDIS"), NullLogger<RedisClient>.Instance);
}
