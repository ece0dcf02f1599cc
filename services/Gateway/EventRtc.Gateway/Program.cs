using EventRtc.Contracts;
using EventRtc.Gateway;
using EventRtc.Gateway.Connections;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Limits;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;
using EventRtc.Hosting;
using Microsoft.AspNetCore.HttpOverrides;

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
    var proxies = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
    proxies.KnownProxies.Clear();
    proxies.KnownIPNetworks.Clear(); // else loopback is believed whatever is set
    foreach (var proxy in options.TrustedProxies)
        proxies.KnownIPNetworks.Add(proxy.Network);
    app.UseForwardedHeaders(proxies);
    app.UseWebSockets();
    GatewayTelemetry.Begin();
    app.MapMethods("/ws", [HttpMethods.Get, HttpMethods.Connect], app.Services.GetRequiredService<GatewayEndpoint>().Handle)
        .Says("connect", "A WebSocket with JSON-RPC 2.0. One that may not come in is opened and closed with the reason, because a browser reads nothing else.")
        .Asks("token", Shape.AnyText, "A member's token of the room, where it is not in the header Authorization.").Asks("room", Shapes.RoomId, "The room that the token must be for.")
        .Answers(101, "The WebSocket is open.").Refuses(403, "origin_not_allowed").Refuses(426, "websocket_expected");
});
