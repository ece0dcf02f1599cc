using EventRtc.Contracts;
using EventRtc.Gateway;
using EventRtc.Gateway.Connections;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Rooms;
using EventRtc.Hosting;

return await ServiceHost.Run("gateway", "0.0.0.0:8081", args, builder =>
{
    builder.AddSettings<GatewayOptions>("GATEWAY");
    builder.AddSettings<JanusTokenOptions>("JANUS");
    var prefixes = builder.AddEtcd();
    builder.AddRoomDirectory(prefixes.Rooms);
    builder.AddModuleDirectory(RoomDoor.Januses, prefixes.Januses);
    builder.AddRedis();
    builder.AddRpcClient("gateway");
    builder.AddRoomTokens();
    builder.Services.TreatAsTransient<JanusException>();
    builder.Services.AddSingleton<RoomDoor>().AddSingleton<JanusLinks>().AddSingleton<JanusTokens>();
    builder.Services.AddSingleton<Lobby>().AddSingleton<ConnectionParts>().AddSingleton<StatusFeed>();
    builder.Services.AddLoop("status-feed", (services, ct) => services.GetRequiredService<StatusFeed>().Run(ct));
}, app =>
{
    app.UseWebSockets();
    app.Map("/ws", GatewayEndpoint.Handle);
});
