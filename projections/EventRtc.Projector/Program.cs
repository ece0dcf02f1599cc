using EventRtc.Contracts;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Projector;

return await ServiceHost.Run("projector", "0.0.0.0:3200", args, builder =>
{
    var services = builder.Services;
    var postgres = builder.AddSettings<EventStoreOptions>("POSTGRES");
    var projector = builder.AddSettings<ProjectorOptions>("PROJECTOR");
    var instance = ServiceParts.InstanceOf(builder, "projector");
    var views = builder.AddEtcd().Rooms;
    services.AddSingleton(views);
    builder.AddRedis();
    builder.AddRoomTokens();
    builder.AddStaffTokens();
    services.AddSingleton<PostgresEventStore>();
    services.AddDependency("postgres", postgres.Server, (provider, ct) => provider.GetRequiredService<PostgresEventStore>().Ping(ct));
    services.TreatAsTransient<EventStoreUnavailableException>();
    services.AddSingleton(provider => provider.GetRequiredService<PostgresEventStore>().Parked);
    services.AddSingleton<EventStreams>();
    services.AddSingleton<RoomProjection>().AddSingleton<ModuleProjection>().AddSingleton<Parking>().AddSingleton<Rebuild>().AddSingleton<RebuildJob>().AddSingleton<Verify>().AddSingleton<VerifyCall>();
    services.AddSingleton(provider => Leads(provider, "relay"));
    services.AddSingleton<Relay>();
    services.AddSingleton<Retention>();
    services.AddSingleton<CatchUp>();
    services.AddSingleton<LagMeter>();
    services.AddHealthLine("lag", async (provider, ct) => await provider.GetRequiredService<LagMeter>().Measure(ct) is var lag && lag.Age <= projector.MaxLag ? HealthLine.Well($"{lag}") : HealthLine.Unwell($"{lag}"));
    services.AddLoop("relay", (provider, ct) => ActivatorUtilities.CreateInstance<RelayLeader>(provider).Run(ct));
    services.AddSingleton<ViewHealing>().AddSingleton<MarkHealing>();
    services.AddLoop("healing", (provider, ct) => Leads(provider, "healing").Run(
        (_, leading) => Together.Run(leading, provider.GetRequiredService<ViewHealing>().Run, provider.GetRequiredService<MarkHealing>().Run), ct));
    services.AddLoop("lag", (provider, ct) => provider.GetRequiredService<LagMeter>().Run(ct));
    services.AddLoop("views", (provider, ct) => ActivatorUtilities.CreateInstance<ViewProjector>(provider, instance).Run(ct));

    // One replica of several relays, and one heals; not always the same.
    Leadership Leads(IServiceProvider provider, string what) => ActivatorUtilities.CreateInstance<Leadership>(provider, $"/leaders{views.Prefix}{what}", instance, projector.LeaderTtl);
}, app => app.MapOperations());
