using System.Diagnostics.Metrics;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Projections;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms;

/// <summary>Counts rooms by their state, and modules with the places that they have left, now and then: each replica sees the same.</summary>
public sealed class RoomsMetrics(
    RoomDirectory rooms, Assignments assignments, [FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly Meter Meter = new("EventRtc.Rooms");
    private static readonly Gauge<int> Rooms = Meter.CreateGauge<int>("eventrtc.rooms.by_state", description: "Rooms by state: created, on_air, removing or degraded");
    private static readonly Gauge<int> Modules = Meter.CreateGauge<int>("eventrtc.modules.by_state", description: "Januses and mixers with a heartbeat or a mark: pickable, full, marked, unwell or gone");
    private static readonly Gauge<int> Places = Meter.CreateGauge<int>("eventrtc.modules.places", description: "Rooms that the modules of a kind could still take");
    private static readonly string[] RoomStates = ["created", "on_air", "removing", "degraded"];
    private static readonly string[] ModuleStates = ["pickable", "full", "marked", "unwell", "gone"];

    /// <summary>Runs until cancelled.</summary>
    public async Task Run(CancellationToken ct)
    {
        MoveMetrics.Begin();
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await rooms.WhenSynced(ct);
            Record(Rooms, RoomStates, rooms.All().Values.Select(StateOf), []);
            Look(ModuleKind.Janus, januses);
            Look(ModuleKind.Mixer, mixers);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private void Look(ModuleKind kind, ModuleDirectory modules)
    {
        if (!modules.Synced)
            return;
        var held = assignments.Modules(kind).ToDictionary(module => module.Id);
        Record(Modules, ModuleStates, modules.All().Select(seen => StateOf(seen.Value, held.GetValueOrDefault(seen.Key))), [new("kind", kind.Word())]);
        Places.Record(held.Values.Where(module => module.IsPickable).Sum(module => module.Capacity - module.Streams), new KeyValuePair<string, object?>("kind", kind.Word()));
    }

    private static void Record(Gauge<int> gauge, IEnumerable<string> states, IEnumerable<string> found, IReadOnlyList<KeyValuePair<string, object?>> labels)
    {
        var counts = found.CountBy(state => state).ToDictionary();
        foreach (var state in states)
            gauge.Record(counts.GetValueOrDefault(state), [.. labels, new("state", state)]);
    }

    private static string StateOf(RoomViews room) => room switch
    {
        { Degraded: not null } => "degraded",
        { Live.Status: LiveStatus.OnAir } => "on_air",
        { Live: not null } => "removing",
        _ => "created",
    };

    private static string StateOf(ModuleSeen seen, Candidate? module) => (seen, module) switch
    {
        ({ Heartbeat: null }, _) => "gone",
        ({ Heartbeat.Status: not Heartbeat.Healthy }, _) => "unwell",
        (_, { IsPickable: true }) => "pickable",
        ({ Label: null or "ready" }, _) => "full",
        _ => "marked",
    };
}
