using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Rooms;
using EventRtc.Rooms.Housekeeping;
using EventRtc.Rooms.Modules;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary>Modules and rooms of one test's own beside those of the control plane: no other room is ever placed on them, because they say that they have no capacity.</summary>
internal sealed class ModuleRig : IAsyncDisposable
{
    private readonly ControlPlane plane;
    private readonly PostgresEventStore store;
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> watching = [];
    private readonly List<ModuleRef> alive = [];

    public ModuleRig(ControlPlane plane)
    {
        this.plane = plane;
        store = new PostgresEventStore(new EventStoreOptions { Dsn = plane.Deployment.Postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        Rooms = new RoomCommands(store, new HousekeepingOptions(), TimeProvider.System);
        Commands = new ModuleCommands(store, TimeProvider.System);
    }

    public RoomCommands Rooms { get; }

    public ModuleCommands Commands { get; }

    public static ModuleRef New(ModuleKind kind = ModuleKind.Janus) => new(kind, new ModuleId($"m-{Guid.NewGuid():N}"[..12]));

    /// <summary>What housekeeping does, here.</summary>
    /// <param name="follows">False: as long as nothing is read from etcd.</param>
    public async Task<Drained> Housekeeping(bool follows = true)
    {
        var (prefixes, mirrors) = (new EtcdPrefixes(), new List<EtcdMirror>());
        var modules = new AllModules(
            new RoomDirectory(Mirror(prefixes.RoomStore), prefixes.Rooms), new ModuleDirectory(Mirror(prefixes.JanusStore), prefixes.Januses), new ModuleDirectory(Mirror(prefixes.MixerStore), prefixes.Mixers));
        if (follows)
            await Task.WhenAll(mirrors.Select(mirror => mirror.WhenSynced(stop.Token)));
        return new Drained(modules, Commands, TimeProvider.System, NullLogger<Drained>.Instance);

        EtcdMirror Mirror(string prefix)
        {
            var mirror = new EtcdMirror(plane.Etcd, prefix, NullLogger.Instance);
            mirrors.Add(mirror);
            if (follows)
                watching.Add(mirror.Run(stop.Token));
            return mirror;
        }
    }

    /// <summary>Says that the module lives.</summary>
    public async Task Beat(ModuleRef module, int streams = 0, string status = Heartbeat.Healthy)
    {
        alive.Add(module);
        var beat = new Heartbeat(status, "here", Capacity: 0, streams, DateTimeOffset.UnixEpoch);
        await plane.Etcd.Put(KeysOf(module).Heartbeat(module.Id), JsonSerializer.SerializeToUtf8Bytes(beat, DomainJson.Options));
    }

    /// <summary>A room on air with this module, and with one of the other kind that nobody knows.</summary>
    public async Task<RoomId> Assign(ModuleRef module)
    {
        var (room, other) = (new RoomId(ControlPlane.NewRoom()), new ModuleId("nobody"));
        var (janus, mixer) = module.Kind is ModuleKind.Janus ? (module.Id, other) : (other, module.Id);
        await Do(new RoomCommand.CreateRoom(room, "abc123", 3, Now));
        await Do(new RoomCommand.StartLive(room, janus, mixer, "nonce", Now));
        await Eventually.Value(() => plane.ViewOf<LiveMeta>(new ViewKeys().Live(room)), ControlPlane.Patience, "the room is shown");
        return room;
    }

    public Task StartRemoving(RoomId room) => Do(new RoomCommand.RemoveRoom(room, "test", Now));

    public async Task Remove(RoomId room)
    {
        await StartRemoving(room);
        await Do(new RoomCommand.DiscardRoom(room, Now));
        await Eventually.True(async () => await plane.ViewOf<LiveMeta>(new ViewKeys().Live(room)) is null, ControlPlane.Patience, "the room is gone");
    }

    public Task<Answer> Mark(ModuleRef module, string label, int ttl = 0) => plane.Rooms.Put($"/api/modules/{module}/mark", new { label, ttl });

    /// <summary>Marks the module and waits until etcd shows it.</summary>
    public async Task MarkAndSee(ModuleRef module, string label, int ttl = 0)
    {
        Assert.Equal(200, (await Mark(module, label, ttl)).Status);
        await Shows(module, label);
    }

    public Task Shows(ModuleRef module, string? label) => Eventually.True(async () => await Shown(module) == label, ControlPlane.Patience, $"{module} shows {label ?? "no mark"}");

    public async Task<string?> Shown(ModuleRef module) => (await plane.ViewOf<Mark>(KeysOf(module).Mark(module.Id)))?.Label;

    /// <summary>What is left of the mark's time; null when it has no end.</summary>
    public async Task<TimeSpan?> Left(ModuleRef module) => await plane.Etcd.Get(KeysOf(module).Mark(module.Id)) is { Lease: not 0 and var lease } ? await plane.Etcd.TimeToLive(lease) : null;

    /// <summary>As the rooms service lists it; null when it does not.</summary>
    public async Task<JsonElement?> Listed(ModuleRef module) => (await plane.Rooms.Get("/api/modules")).Body.Items("modules")
        .Where(json => (json.Text("type"), json.Text("id")) == (module.Kind.Plural(), module.Id.Value)).Select(json => (JsonElement?)json).SingleOrDefault();

    /// <summary>The module's events with who caused them, oldest first.</summary>
    public async Task<IReadOnlyList<string>> History(ModuleRef module) => [.. (await store.ReadStream(new StreamId(StreamNames.Of(module)))).Select(Describe)];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(watching);
        foreach (var module in alive.Distinct())
            await plane.Etcd.Delete(KeysOf(module).Heartbeat(module.Id));
        await store.DisposeAsync();
        stop.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task Do(RoomCommand command) =>
        Assert.IsType<Handled<RoomState>.Done>(await Rooms.Handle(command, new CommandContext(Guid.NewGuid(), "test", "test"), CancellationToken.None));

    private static string Describe(RecordedEvent e) => e.Decode<ModuleEvent>() is ModuleEvent.ModuleMarked marked ? $"{marked.Label} by {e.Headers.Actor}" : $"removed by {e.Headers.Actor}";

    private static ModuleKeys KeysOf(ModuleRef module) => new EtcdPrefixes().Of(module.Kind);
}
