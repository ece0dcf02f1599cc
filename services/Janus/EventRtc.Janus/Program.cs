using EventRtc.Contracts;
using EventRtc.Contracts.Directories;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using EventRtc.Janus;
using EventRtc.Janus.Admin;
using EventRtc.Janus.Rooms;

return await ServiceHost.Run("janus", listen: "0.0.0.0:3201", args, builder =>
{
    builder.AddLogModule<JanusWorker>("ResourceMgr.JanusWorker");
    var options = builder.AddSettings<JanusOptions>("JANUS");
    var prefixes = builder.AddEtcd();
    builder.AddRedis();
    builder.AddRpcClient("janus");
    builder.AddRoomDirectory(prefixes.Rooms);
    builder.AddModuleDirectory(Evacuation.Januses, prefixes.Januses);
    builder.Services.AddSingleton(options.Access).AddSingleton<JanusAdmin>();
    builder.Services.AddDependency("janus", $"{options.AdminUrl}", (services, ct) => services.GetRequiredService<JanusAdmin>().ListRooms(ct));
    builder.Services.AddSingleton<Bridges>().AddSingleton<Canary>().AddSingleton<Forwarding>().AddSingleton<Handover>().AddSingleton<Arrivals>().AddSingleton<RefusedRooms>().AddSingleton<RoomReconciler>();
    builder.Services.AddSingleton<JanusHeartbeat>().AddSingleton<RoomTraces>().AddSingleton<JanusWorker>().AddSingleton<Evacuation>();
    builder.Services.AddDrain(options.DrainTimeout, (services, ct) => services.GetRequiredService<Evacuation>().Run(ct));
    builder.Services.AddLoop("janus-rooms", (services, ct) => services.GetRequiredService<JanusWorker>().Run(ct));
    builder.Services.AddLoop("janus-heartbeat", (services, ct) => services.GetRequiredService<JanusHeartbeat>().Run(ct));
}, _ => { });
