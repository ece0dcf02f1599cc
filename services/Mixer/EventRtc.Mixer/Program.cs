using EventRtc.Contracts;
using EventRtc.Contracts.Directories;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using EventRtc.Mixer;
using EventRtc.Mixer.Hls;
using EventRtc.Mixer.Ports;
using EventRtc.Mixer.Rooms;

return await ServiceHost.Run("mixer", listen: "0.0.0.0:3202", args, builder =>
{
    builder.AddLogModule<MixerWorker>("ResourceMgr.MixerWorker");
    var options = builder.AddSettings<MixerOptions>("MIXER");
    builder.AddSettings<HlsKeyOptions>("HLS");
    var prefixes = builder.AddEtcd();
    builder.AddRedis();
    builder.AddRpcClient("mixer");
    builder.AddRoomDirectory(prefixes.Rooms);
    builder.AddModuleDirectory("mixer", prefixes.Mixers);
    builder.Listen("MIXER_HLS_ADDR", options.HlsAddress);
    builder.Demand("MIXER_IP", () => options.Ip.Fault() is { } fault ? $"'{options.Ip}' cannot be used: {fault}" : null);
    builder.Services.AddSingleton(_ => new WorkFolder(Path.Combine(options.WorkDir, $"{options.Id}")));
    builder.Services.AddSingleton(new RtpPorts(options.RtpPorts, options.Ip, start: Random.Shared.Next(options.RtpPorts.Pairs)));
    builder.Services.AddSingleton<Stations>().AddSingleton<RoomReconciler>().AddSingleton<RoomTraces>().AddSingleton<MixerWorker>().AddSingleton<MixerHeartbeat>();
    builder.Services.AddSingleton<DiskSpace>().AddSingleton<Drain>();
    builder.Services.AddHealthLine("disk", (services, _) => Task.FromResult(services.GetRequiredService<DiskSpace>().Line));
    builder.Services.AddLoop("mixer-disk", (services, ct) => services.GetRequiredService<DiskSpace>().Run(ct));
    builder.Services.AddLoop("mixer-rooms", (services, ct) => services.GetRequiredService<MixerWorker>().Run(ct));
    builder.Services.AddDrain(options.DrainTimeout, (services, ct) => services.GetRequiredService<Drain>().Run(services.GetRequiredKeyedService<ModuleDirectory>("mixer"), ct));
    builder.Services.AddLoop("mixer-heartbeat", (services, ct) => services.GetRequiredService<MixerHeartbeat>().Run(ct));
}, app =>
{
    app.Services.GetRequiredService<WorkFolder>(); // now: another mixer of this name, and a folder that cannot be used, end the start
    MixerTelemetry.Begin();
    MixerTelemetry.Ports(0, app.Services.GetRequiredService<MixerOptions>().RtpPorts.Pairs);
    app.MapHlsFiles();
});
