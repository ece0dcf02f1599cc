using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Ops;

/// <summary>
/// The deployment that a command works on, by the same settings that the services take: POSTGRES_DSN, REDIS_ADDR, ETCD_ENDPOINTS ..., from the environment or the file that APP_CONFIG_FILE names.
/// </summary>
/// <exception cref="SettingsException">A variable cannot be used; the message names it.</exception>
internal static class Servers
{
    private static readonly Lazy<SettingSources> Sources = new(Read);

    public static T Settings<T>(string prefix) where T : new() => Hosting.Settings.Bind<T>(Sources.Value, prefix);

    public static PostgresEventStore Store() => new(Settings<EventStoreOptions>("POSTGRES"), TimeProvider.System, NullLogger<PostgresEventStore>.Instance);

    public static EtcdClient Etcd() => new(Settings<EtcdOptions>("ETCD"), NullLogger<EtcdClient>.Instance);

    public static RedisClient Redis() => new(Settings<RedisOptions>("REDIS"), NullLogger<RedisClient>.Instance);

    /// <summary>A person's shell holds all kinds of variables; only a file is asked for names that nobody knows.</summary>
    private static SettingSources Read()
    {
        var sources = SettingSources.OfEnvironment();
        new SettingsBook(sources).Check(() => { });
        return sources;
    }
}
