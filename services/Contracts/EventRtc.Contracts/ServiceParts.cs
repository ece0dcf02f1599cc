using EventRtc.Contracts.Directories;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Hosting;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventRtc.Contracts;

/// <summary>The parts that several services are put together from; each brings its settings, its health line and its loops.</summary>
public static class ServiceParts
{
    /// <summary>etcd under ETCD_*, and the key prefixes under ETCD_PREFIX_*.</summary>
    public static EtcdPrefixes AddEtcd(this WebApplicationBuilder builder)
    {
        var options = builder.AddSettings<EtcdOptions>("ETCD");
        builder.Services.AddSingleton(provider => new EtcdClient(options, provider.GetRequiredService<ILogger<EtcdClient>>()));
        builder.Services.AddDependency("etcd", string.Join(',', options.Endpoints), IsFollowed);
        builder.Services.TreatAsTransient<EtcdException>();
        return builder.AddSettings<EtcdPrefixes>("ETCD_PREFIX");
    }

    /// <summary>Redis under REDIS_*.</summary>
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        var options = builder.AddSettings<RedisOptions>("REDIS");
        builder.Services.AddSingleton(provider => new RedisClient(options, provider.GetRequiredService<ILogger<RedisClient>>()));
        builder.Services.AddDependency("redis", options.Address, (provider, ct) => provider.GetRequiredService<RedisClient>().PingAsync(ct));
        builder.Services.TreatAsTransient<RedisException>();
    }

    /// <summary>Asks other services over Redis, which must be added before.</summary>
    public static void AddRpcClient(this WebApplicationBuilder builder, string service)
    {
        var options = builder.AddSettings<RedisRpcClientOptions>("RPC_CLIENT");
        builder.Services.AddSingleton(provider => new RedisRpcClient(
            provider.GetRequiredService<RedisClient>(), InstanceOf(builder, service), options,
            provider.GetRequiredService<ILogger<RedisRpcClient>>(), provider.GetRequiredService<TimeProvider>(), DomainJson.Options));
        builder.Services.AddSingleton<RoomsClient>();
        builder.Services.AddSingleton<UsersClient>();
        builder.Services.AddLoop("rpc-replies", (provider, ct) => provider.GetRequiredService<RedisRpcClient>().Run(ct));
    }

    /// <summary>Tokens under JWT_*.</summary>
    public static void AddRoomTokens(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(new RoomTokens(builder.AddSettings<JwtOptions>("JWT"), TimeProvider.System));

    /// <summary>Operators' and auditors' tokens under JWT_*, which must be added before, and who may call what under AUTH_*.</summary>
    public static void AddStaffTokens(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AuthOptions>("AUTH");
        builder.Services.AddSingleton<StaffTokens>().AddSingleton<Access>();
    }

    /// <summary>Serves other services over Redis, which must be added before.</summary>
    public static void AddRpcServer(this WebApplicationBuilder builder, string service, Action<RpcMethods, IServiceProvider> serve)
    {
        var options = builder.AddSettings<RedisRpcServerOptions>("RPC_SERVER");
        builder.Services.AddLoop("rpc-requests", (provider, ct) =>
        {
            var methods = provider.NewRpcMethods();
            serve(methods, provider);
            return new RedisRpcServer(
                provider.GetRequiredService<RedisClient>(), service, InstanceOf(builder, service), methods, options,
                provider.GetRequiredService<ILogger<RedisRpcServer>>(), provider.GetRequiredService<TimeProvider>()).Run(ct);
        });
    }

    /// <summary>Methods that read and write the domain's JSON and know which failures pass.</summary>
    public static RpcMethods NewRpcMethods(this IServiceProvider provider) =>
        new RpcMethods(provider.GetRequiredService<ILogger<RpcMethods>>(), DomainJson.Options)
            .TreatAsTransient(provider.GetServices<TransientFailure>().Select(failure => failure.Exception))
            .NameInLogs(RoomOf);

    /// <summary>Commands and requests on rooms have a field of this name.</summary>
    private static KeyValuePair<string, object?>? RoomOf(object parameters) => parameters.GetType().GetProperty("Room")?.GetValue(parameters) is RoomId room ? new("Room", room) : null;

    /// <summary>A copy of every room's views, followed by a watch.</summary>
    public static void AddRoomDirectory(this WebApplicationBuilder builder, ViewKeys keys)
    {
        builder.Services.AddSingleton(provider => new Followed<RoomDirectory>(provider, keys.Prefix, mirror => new RoomDirectory(mirror, keys)));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Followed<RoomDirectory>>().Directory);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Followed<RoomDirectory>>().Mirror);
        builder.Services.AddLoop("rooms-watch", (provider, ct) => provider.GetRequiredService<Followed<RoomDirectory>>().Mirror.Run(ct));
    }

    /// <summary>A copy of every module's heartbeat and mark, under a key that names which: <c>janus</c> or <c>mixer</c>.</summary>
    public static void AddModuleDirectory(this WebApplicationBuilder builder, string kind, ModuleKeys keys)
    {
        builder.Services.AddKeyedSingleton(kind, (provider, _) => new Followed<ModuleDirectory>(provider, keys.Prefix, mirror => new ModuleDirectory(mirror, keys)));
        builder.Services.AddKeyedSingleton(kind, (provider, _) => provider.GetRequiredKeyedService<Followed<ModuleDirectory>>(kind).Directory);
        builder.Services.AddSingleton(provider => provider.GetRequiredKeyedService<Followed<ModuleDirectory>>(kind).Mirror);
        builder.Services.AddLoop($"{kind}-watch", (provider, ct) => provider.GetRequiredKeyedService<Followed<ModuleDirectory>>(kind).Mirror.Run(ct));
    }

    /// <summary>The process among its like: the same after a restart, another one for another listener.</summary>
    public static string InstanceOf(WebApplicationBuilder builder, string service) => $"{service}@{Environment.MachineName}:{ListenAddress.Parse(builder.Settings<HttpOptions>().Address).Port}";

    /// <summary>etcd answers, and what the service follows there is known: before that a call could only be refused.</summary>
    private static async Task IsFollowed(IServiceProvider provider, CancellationToken ct)
    {
        await provider.GetRequiredService<EtcdClient>().Get("/health", ct);
        if (provider.GetServices<EtcdMirror>().Any(mirror => !mirror.Synced))
            throw new TimeoutException("its keys are not read yet");
    }

    /// <summary>A directory and the mirror that its loop runs.</summary>
    private sealed class Followed<TDirectory>
    {
        public Followed(IServiceProvider provider, string prefix, Func<EtcdMirror, TDirectory> over)
        {
            Mirror = new EtcdMirror(provider.GetRequiredService<EtcdClient>(), prefix, provider.GetRequiredService<ILogger<EtcdMirror>>());
            Directory = over(Mirror);
        }

        public EtcdMirror Mirror { get; }

        public TDirectory Directory { get; }
    }
}
