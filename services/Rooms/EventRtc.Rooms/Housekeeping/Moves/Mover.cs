using System.Threading.Channels;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting.Logging;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>
/// Gives rooms on air another module when theirs is gone, unstable, draining or overloaded: at once when a heartbeat, a mark or a view changes. What is to move is a
/// <see cref="MovePlan"/>, when and where to is a <see cref="MoveSchedule"/>; here it is looked at and carried out.
/// </summary>
public sealed class Mover
{
    /// <summary>Moves under way at once.</summary>
    private const int AtOnce = 8;

    /// <summary>Changes that come closer together are looked at together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>When something has to wait for its turn, or it is too early to call a module gone.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly RoomDirectory rooms;
    private readonly Assignments shown;
    private readonly Dictionary<ModuleKind, (ModuleDirectory All, GoneModules Gone)> modules;
    private readonly RoomCommands commands;
    private readonly HousekeepingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<Mover> log;
    private readonly MoveTurns turns;
    private readonly MoveSchedule schedule;
    private IReadOnlySet<(ModuleKind Kind, ModuleId Module)> stuck = new HashSet<(ModuleKind, ModuleId)>();

    public Mover(
        RoomDirectory rooms, Assignments shown, [FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers, ModulePicker picker,
        RoomCommands commands, EtcdClient etcd, HousekeepingOptions options, MoveRates rates, TimeProvider clock, ILogger<Mover> log)
    {
        (this.rooms, this.shown, this.commands, this.options, this.clock, this.log) = (rooms, shown, commands, options, clock, log);
        turns = new MoveTurns(options, rates, clock);
        schedule = new MoveSchedule(turns, rooms.Find, picker.ForMove);
        modules = new() { [ModuleKind.Janus] = Follow(januses), [ModuleKind.Mixer] = Follow(mixers) };
        rooms.Changed += _ => Wake();
        rooms.Listed += Wake;

        (ModuleDirectory, GoneModules) Follow(ModuleDirectory all)
        {
            all.Changed += _ => Wake();
            all.Listed += Wake;
            return (all, new GoneModules(all, etcd, options.AbsentFor, clock));
        }
    }

    /// <summary>Looks again and again until cancelled.</summary>
    /// <exception cref="EtcdException">etcd does not tell whether a module is gone: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        while (true)
        {
            var waits = await Look(ct);
            await Task.Delay(Pause, clock, ct);
            await News(waits ? Soon : options.Every, ct);
        }
    }

    private void Wake() => news.Writer.TryWrite(true);

    private async Task News(TimeSpan atTheLatest, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(atTheLatest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nothing new, and time to look nevertheless.
        }
    }

    /// <returns>Whether to look again soon, even if nothing changes.</returns>
    private async Task<bool> Look(CancellationToken ct)
    {
        if (!rooms.Synced || modules.Values.Any(kind => !kind.All.Synced))
            return false; // listing them is news
        var live = shown.OnAir();
        var standings = new Dictionary<(ModuleKind, ModuleId), Standing>();
        foreach (var (kind, module) in live.SelectMany(room => ModuleKinds.All.Select(kind => (kind, room.Live.ModuleOf(kind)))).Distinct())
            standings[(kind, module)] = await StandingOf(kind, module, ct);
        var round = schedule.Next(MovePlan.Of(live, (kind, module) => standings[(kind, module)]));
        Say(round.Stuck);
        await Parallel.ForEachAsync(round.Moves, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (move, stop) => await Make(move, stop));
        return round.Waits || standings.ContainsValue(Standing.Missing);
    }

    private async Task<Standing> StandingOf(ModuleKind kind, ModuleId module, CancellationToken ct) =>
        modules[kind].All.FindCandidate(module) is { } alive ? Standing.Of(alive, gone: false) : Standing.Of(null, await modules[kind].Gone.IsGone(module, ct));

    private void Say(IReadOnlySet<(ModuleKind Kind, ModuleId Module)> now)
    {
        foreach (var (kind, module) in now.Where(one => !stuck.Contains(one)))
            log.LogWarning("Rooms stay with {Kind} {Module}: no other one has a free place", kind, module);
        stuck = now;
    }

    private async Task Make(Move move, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        using var ids = log.With(("Room", move.Room), ("Command", id));
        try
        {
            if (await commands.Handle(move.Command(clock.GetUtcNow()), state => IsThere(state, move), new CommandContext(id, "housekeeping", id.ToString("N")), ct) is Handled<RoomState>.Done)
            {
                MoveMetrics.Moved(move.Reason);
                log.LogInformation("Room {Room} moves to {Janus} and {Mixer}: {Reason}", move.Room, move.ModuleOf(ModuleKind.Janus), move.ModuleOf(ModuleKind.Mixer), move.Reason);
                return;
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning("Room {Room} could not be moved: {Reason}", move.Room, failure.Message);
        }
        turns.Failed(move);
    }

    /// <summary>The views may be behind: only who is still where it was seen is moved.</summary>
    private static Rejection? IsThere(RoomState state, Move move) =>
        state is RoomState.OnAir { Live: var live } && (live.Janus, live.Mixer, live.Nonce) == (move.From.JanusId, move.From.MixerId, move.From.Nonce) ? null : RoomRejections.NotAssigned;
}
