using EventRtc.Chaos.Checks;
using EventRtc.Chaos.Faults;
using EventRtc.Chaos.Load;
using EventRtc.Local;

namespace EventRtc.Chaos;

/// <summary>Round after round of faults, each followed by a rest in which everything must be right.</summary>
internal sealed class Rounds
{
    /// <summary>Everything was answered by then, so long after the last fault.</summary>
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(30);

    private readonly Deployment deployment;
    private readonly Stores stores;
    private readonly Record record;
    private readonly ViewRecorder views;
    private readonly RandomFaults faults;
    private readonly Aim aim;
    private readonly int seed;
    private string phase = "";

    public Rounds(Deployment deployment, Stores stores, Record record, Aim aim, int seed)
    {
        (this.deployment, this.stores, this.record, this.aim, this.seed) = (deployment, stores, record, aim, seed);
        views = new ViewRecorder(stores, record);
        faults = new RandomFaults(deployment, stores, aim, record, new Random(seed));
    }

    /// <param name="time">Of faults, all rounds together.</param>
    public async Task Run(TimeSpan time, CancellationToken ct)
    {
        using var recorded = new CancellationTokenSource();
        var recording = views.Run(recorded.Token);
        using var progress = new Progress(time, () => $"{phase} {string.Join(", ", faults.Now)}");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var caller = new Caller(deployment, record, seed, giveUp.Token);
        var crowd = new Crowd(deployment, caller, record, aim, seed);
        var left = time;
        while (left > TimeSpan.Zero && !record.Enough.IsCancellationRequested && !giveUp.IsCancellationRequested)
        {
            var round = left < aim.Round ? left : aim.Round;
            left -= round;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, record.Enough);
            over.CancelAfter(round);
            phase = "faults:";
            var users = crowd.Live(over.Token);
            await faults.Run(over.Token);
            ct.ThrowIfCancellationRequested();
            phase = "looking";
            if (record.Enough.IsCancellationRequested)
            {
                await giveUp.CancelAsync();
                await users;
                break;
            }
            await Task.WhenAll(Answered(users, giveUp), Settle(ct));
            await CheckLog(caller.Commands, ct);
        }
        if (!record.Enough.IsCancellationRequested)
            await End(crowd, caller, ct);
        await recorded.CancelAsync();
        await recording;
    }

    private async Task Answered(Task users, CancellationTokenSource giveUp)
    {
        if (await Task.WhenAny(users, Task.Delay(AnsweredWithin, CancellationToken.None)) != users)
        {
            record.Violation($"{AnsweredWithin.TotalSeconds:0} s after the last fault a command has no answer, or a removed room is still there");
            await giveUp.CancelAsync();
        }
        await users;
    }

    /// <summary>Begins with the end of the last fault, while users are still told what became of their last commands.</summary>
    private async Task Settle(CancellationToken ct)
    {
        await Task.WhenAll(Timed("views", ViewsRight.Check(stores, record, ct)), Timed("modules", Ownership.Check(deployment, stores, record, ct)),
            Timed("sound", Hearing.Check(deployment, stores, record, ct)), Health.Check(deployment, record, ct));

        async Task Timed(string what, Task<TimeSpan> check) => record.Most($"{what} right again, ms after the last fault (longest)", (long)(await check).TotalMilliseconds);
    }

    private async Task CheckLog(IReadOnlyList<Command> commands, CancellationToken ct)
    {
        await LogAndStreams.Check(stores, record, ct);
        var log = await LogAtRest.Read(stores, ct);
        CommandsOnce.Check(log, commands, record);
        NeverBack.Check(log, views.Changes, stores.Keys, record);
    }

    /// <summary>All rooms are removed: nothing of them and of their users may be left.</summary>
    private async Task End(Crowd crowd, Caller caller, CancellationToken ct)
    {
        phase = "removing everything";
        await crowd.Remove();
        await Ownership.Check(deployment, stores, record, ct);
        await Remains.Check(deployment, record, crowd.Rooms, ct);
        await Health.Check(deployment, record, ct);
        await CheckLog(caller.Commands, ct);
    }
}
