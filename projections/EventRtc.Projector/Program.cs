using EventRtc.Contracts;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Projector;

return await ServiceHost.Run("projector", "0.0.0.0:3200", args, builder =>
{
    var services = builder.Services;
    var postgres = builder.AddSettings<EventStoreOptions>("POSTGRES");
    builder.AddSettings<ProjectorOptions>("PROJECTOR");
    services.AddSingleton(builder.AddEtcd().Rooms);
    builder.AddRedis();
    services.AddSingleton<PostgresEventStore>();
    services.AddDependency("postgres", postgres.Server, (provider, ct) => provider.GetRequiredService<PostgresEventStore>().Ping(ct));
    services.TreatAsTransient<EventStoreUnavailableException>();
    services.AddSingleton(provider => provider.GetRequiredService<PostgresEventStore>().Parked);
    services.AddSingleton<EventStreams>();
    services.AddSingleton<RoomProjection>().AddSingleton<Parking>().AddSingleton<Rebuild>().AddSingleton<RebuildJob>().AddSingleton<Verify>();
    services.AddLoop("relay", (provider, ct) => ActivatorUtilities.CreateInstance<Relay>(provider).Run(ct));
    services.AddLoop("views", (provider, ct) => ActivatorUtilities.CreateInstance<ViewProjector>(provider, ServiceParts.InstanceOf(builder, "projector")).Run(ct));
}, app => app.MapOperations());
