using EventRtc.Domain;
using EventRtc.Projections;
using EventRtc.Rooms.Housekeeping;
using EventRtc.Rooms.Housekeeping.Moves;
using EventRtc.Rooms.Placing;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>Rooms and modules in memory with the real plan, schedule and picker: what housekeeping does, under a clock of the test's own.</summary>
internal sealed class MoveModel : IDisposable
{
    /// <summary>Turns are measured by the machine's clock, which has no part in this.</summary>
    private static readonly HousekeepingOptions Unhurried = new() { MovesPerSecond = 1_000_000, MovesAtOnce = 1_000_000 };

    private readonly Random random;
    private readonly MoveRates rates;
    private readonly MoveTurns turns;
    private readonly MoveSchedule schedule;

    public MoveModel(Random random, HousekeepingOptions? options = null)
    {
        this.random = random;
        rates = new MoveRates(options ?? Unhurried);
        turns = new MoveTurns(options ?? Unhurried, rates, Clock);
        var picker = new ModulePicker(Shown, room => Rooms.GetValueOrDefault(room)?.Live, random.Next, Clock);
        schedule = new MoveSchedule(turns, room => Rooms[room], picker.ForMove);
    }

    public HandClock Clock { get; } = new();

    public Dictionary<RoomId, RoomViews> Rooms { get; } = [];

    /// <summary>Null: gone.</summary>
    public Dictionary<(ModuleKind Kind, ModuleId Id), Candidate?> Modules { get; } = [];

    /// <summary>Whether a room's sound flows as soon as it has moved.</summary>
    public bool FlowsAtOnce { get; set; } = true;

    public IReadOnlyList<Wish> Wishes() =>
        MovePlan.Of([.. Rooms.Select(room => (room.Key, room.Value.Live!))], (kind, module) => Standing.Of(Modules[(kind, module)], gone: true));

    public void Add(string room, ModuleId janus, ModuleId mixer) =>
        Rooms.Add(new(room), Flowing(new LiveMeta(LiveStatus.OnAir, mixer, janus, "n", DateTimeOffset.UnixEpoch.AddSeconds(Rooms.Count)), flows: true));

    /// <summary>Looks once and carries out what is to be done.</summary>
    /// <param name="refusals">How many of a hundred moves come to nothing.</param>
    public IReadOnlyList<Move> Look(int refusals = 0)
    {
        var moves = schedule.Next(Wishes()).Moves;
        foreach (var move in moves)
        {
            if (random.Next(100) < refusals)
                turns.Failed(move);
            else
                Rooms[move.Room] = Flowing(move.From with { JanusId = move.ModuleOf(ModuleKind.Janus), MixerId = move.ModuleOf(ModuleKind.Mixer) }, FlowsAtOnce);
        }
        return moves;
    }

    public void Flows(RoomId room) => Rooms[room] = Flowing(Rooms[room].Live!, flows: true);

    public bool HasPlaceBeside(ModuleKind kind, ModuleId module) => Shown(kind).Any(other => other.Id != module && other.IsPickable);

    public void Dispose() => rates.Dispose();

    private IEnumerable<Candidate> Shown(ModuleKind kind) => Modules.Where(module => module.Key.Kind == kind && module.Value is not null)
        .Select(module => module.Value! with { Streams = Rooms.Values.Count(room => room.Live!.ModuleOf(kind) == module.Key.Id) });

    private static RoomViews Flowing(LiveMeta live, bool flows) => RoomViews.Empty with
    {
        Live = live,
        Janus = new JanusView(live.JanusId, 1, flows ? JanusStatus.Forwarding : JanusStatus.RoomCreated, live.CreatedAt),
        Mixer = new MixerView(live.MixerId, "127.0.0.1", 5004, 3001),
    };
}
