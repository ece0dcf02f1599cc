using EventRtc.Contracts.Clients;
using EventRtc.Contracts;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Rooms.Housekeeping;
using EventRtc.Rooms.Http;
using EventRtc.Rooms.Http.Audit;
using EventRtc.Rooms.Modules;
using EventRtc.Rooms.Reports;
using EventRtc.Rooms;

return await ServiceHost.Run("rooms", "0.0.0.0:3000", args, builder =>
{
    var etcd = builder.AddEtcd();
    builder.AddRedis();
    var postgres = builder.AddSettings<EventStoreOptions>("POSTGRES");
    builder.Services.AddSingleton<PostgresEventStore>();
    builder.Services.AddDependency("postgres", postgres.Server, (services, ct) => services.GetRequiredService<PostgresEventStore>().Ping(ct));
    builder.Services.AddLoop("migrations", (services, ct) => services.GetRequiredService<PostgresEventStore>().Migrate(ct));
    builder.Services.TreatAsTransient<EventStoreUnavailableException>();
    builder.Services.TreatAsTransient<EventStoreBusyException>();
    builder.AddRoomTokens();
    builder.AddStaffTokens();
    builder.Services.AddSingleton(SigningKey.Load(builder.AddSettings<AuditOptions>("AUDIT")));
    builder.AddSettings<HlsOptions>("HLS");
    builder.AddRoomDirectory(etcd.Rooms);
    builder.AddModuleDirectory("janus", etcd.Januses);
    builder.AddModuleDirectory("mixer", etcd.Mixers);
    builder.Services.AddSingleton<RoomCommands>().AddSingleton<RoomReports>().AddSingleton<RoomMoves>().AddSingleton<ModulePicker>();
    builder.Services.AddSingleton<ModuleCommands>().AddSingleton<AllModules>();
    builder.AddSettings<HousekeepingOptions>("HOUSEKEEPING");
    builder.Services.AddSingleton<Housekeeper>();
    builder.Services.AddLoop("housekeeping", (services, ct) => services.GetRequiredService<Housekeeper>().Run(ct));
    builder.AddRpcClient(RoomsClient.Service);
    builder.AddRpcServer(RoomsClient.Service, (methods, services) => services.GetRequiredService<RoomReports>().Serve(methods));
}, app => app.MapRooms());
