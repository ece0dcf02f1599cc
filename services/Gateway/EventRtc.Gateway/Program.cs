using EventRtc.Contracts;
using EventRtc.Gateway;
using EventRtc.Gateway.Connections;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Limits;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;
using EventRtc.Hosting;

return await ServiceHost.Run("gateway", "0.0.0.0:8081", args, builder =>
{
    builder.AddSettings<GatewayOptions>("GATEWAY");
    builder.AddSettings<LimitOptions>("LIMIT");
    builder.AddSettings<JanusTokenOptions>("JANUS");
    var prefixes = builder.AddEtcd();
    builder.AddRoomDirectory(prefixes.Rooms);
    builder.AddModuleDirectory(RoomDoor.Januses, prefixes.Januses);
    builder.AddRedis();
    builder.AddRpcClient("gateway");
    builder.AddRoomTokens();
    builder.Services.TreatAsTransient<JanusException>();
    builder.Services.AddSingleton<RoomDoor>().AddSingleton<RoomWatch>().AddSingleton<JanusLinks>().AddSingleton<JanusTokens>();
    builder.Services.AddSingleton<GatewayIdentity>().AddSingleton<ConnectionLocks>().AddSingleton<Heartbeat>().AddSingleton<VisitorLimits>();
    builder.Services.AddSingleton<Lobby>().AddSingleton<ParkedMedia>().AddSingleton<PassingFailures>().AddSingleton<ConnectionParts>();
    builder.Services.AddSingleton<GatewayEndpoint>().AddSingleton<BroadcastFeed>();
    builder.Services.AddLoop("rooms-of-connections", (services, ct) => services.GetRequiredService<RoomWatch>().Run(ct));
    builder.Services.AddLoop("broadcasts", (services, ct) => services.GetRequiredService<BroadcastFeed>().Run(ct));
    builder.Services.AddLoop("heartbeat", (services, ct) => services.GetRequiredService<Heartbeat>().Run(ct));
}, app =>
{
    var options = app.Services.GetRequiredService<GatewayOptions>();
    app.UseForwardedHeaders(TrustedProxies.Of(options));
    var sockets = new WebSocketOptions();
    foreach (var origin in options.AllowedOrigins)
        sockets.AllowedOrigins.Add(origin);
    app.UseWebSockets(sockets);
    app.Map("/ws", app.Services.GetRequiredService<GatewayEndpoint>().Handle);
});
