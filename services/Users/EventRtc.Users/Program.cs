using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Hosting;
using EventRtc.Users.Http;
using EventRtc.Users.Presence;

return await ServiceHost.Run("users", "0.0.0.0:8085", args, builder =>
{
    builder.AddRedis();
    builder.AddRpcClient("users");
    builder.AddRoomTokens();
    builder.AddStaffTokens();
    builder.AddSettings<PresenceOptions>("PRESENCE");
    builder.Services.AddSingleton<RoomMembers>().AddSingleton<PresenceCalls>().AddSingleton<Expiry>();
    builder.AddRpcServer(UsersClient.Service, (methods, services) => services.GetRequiredService<PresenceCalls>().Serve(methods));
    builder.Services.AddLoop("presence-expiry", (services, ct) => services.GetRequiredService<Expiry>().Run(ct));
}, app => app.MapUsers());
