using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Etcd;
using EventRtc.Hosting;
using EventRtc.JsonRpc.Redis;
using EventRtc.Users.Http;
using EventRtc.Users.Presence;

return await ServiceHost.Run("users", "0.0.0.0:8085", args, builder =>
{
    builder.AddRedis();
    builder.AddRpcClient("users");
    builder.AddRoomTokens();
    builder.AddStaffTokens();
    var presence = builder.AddSettings<PresenceOptions>("PRESENCE");
    var requests = builder.Settings<RedisRpcClientOptions>();
    builder.Demand("PRESENCE_EXPIRE_AFTER", () => presence.ExpireAfter <= requests.Timeout ? "must be longer than RPC_CLIENT_TIMEOUT, or what is settled would not stay so" : null);
    var instance = ServiceParts.InstanceOf(builder, "users");
    var prefix = builder.AddEtcd().Rooms.Prefix;
    builder.Services.AddSingleton<RoomMembers>().AddSingleton<Settling>().AddSingleton<PresenceCalls>().AddSingleton<Controller>();
    builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Leadership>(provider, $"/leaders{prefix}presence", instance, presence.LeaderTtl));
    builder.AddRpcServer(UsersClient.Service, (methods, services) => services.GetRequiredService<PresenceCalls>().Serve(methods));
    builder.Services.AddLoop("presence-controller", (services, ct) => services.GetRequiredService<Controller>().Run(ct));
}, app => app.MapUsers());
