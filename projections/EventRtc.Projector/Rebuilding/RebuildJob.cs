using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;

namespace EventRtc.Projector;

/// <summary>A rebuild as HTTP tells of it.</summary>
/// <param name="State">running, done or failed.</param>
/// <param name="Room">The one room that it is for.</param>
/// <param name="Error">Why it failed, for a person. Run it again: it does what is left.</param>
public sealed record RebuildStatus(
    string State, RoomId? Room, bool DryRun, DateTimeOffset StartedAt, RebuildProgress? Progress = null, DateTimeOffset? EndedAt = null, RebuildReport? Report = null, string? Error = null)
{
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";
}

/// <summary>The rebuild that was asked for over HTTP: one at a time, going on after the answer, stopped with the process.</summary>
public sealed class RebuildJob(Rebuild rebuild, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RebuildJob> log)
{
    private readonly Lock mine = new();

    /// <summary>The one that runs, or else the last one; null before the first.</summary>
    public RebuildStatus? Status { get; private set; }

    /// <returns>Null when one runs already.</returns>
    public RebuildStatus? Start(RoomId? room, bool dryRun)
    {
        lock (mine)
        {
            if (Status is { State: RebuildStatus.Running })
                return null;
            var started = Status = new RebuildStatus(RebuildStatus.Running, room, dryRun, clock.GetUtcNow());
            _ = Task.Run(() => Run(started));
            return started;
        }
    }

    private async Task Run(RebuildStatus started)
    {
        try
        {
            var ct = lifetime.ApplicationStopping;
            var report = started.Room is { } room
                ? await rebuild.Run(room, started.DryRun, ct)
                : await rebuild.Run(started.DryRun, progress => Status = started with { Progress = progress }, ct);
            Status = started with { State = RebuildStatus.Done, Report = report, Progress = Status!.Progress, EndedAt = clock.GetUtcNow() };
            log.LogInformation("A rebuild changed {Created} + {Changed} + {Deleted} keys (dry run: {DryRun})", report.Created, report.Changed, report.Deleted, report.DryRun);
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "A rebuild ended early");
            var error = failure is EventStoreUnavailableException or EtcdException ? "A part of the system is away." : "Something went wrong on our side.";
            Status = started with { State = RebuildStatus.Failed, Progress = Status!.Progress, EndedAt = clock.GetUtcNow(), Error = error };
        }
    }
}
