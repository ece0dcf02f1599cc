using EventRtc.Contracts.Directories;

namespace EventRtc.Janus.Rooms;

/// <summary>What a worker does before it stops: it says that it is about to, and waits until its rooms were moved to other Januses.</summary>
public sealed class Evacuation(
    [FromKeyedServices(Evacuation.Januses)] ModuleDirectory januses, Bridges bridges, JanusHeartbeat heartbeat, JanusOptions options, TimeProvider clock, ILogger<Evacuation> log)
{
    /// <summary>The key of the Januses' directory among the services.</summary>
    public const string Januses = "janus";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ModuleId self = options.Id!.Value;

    private bool HoldsRooms => bridges.Count > 0;

    private bool CouldMove => januses.Synced && januses.Candidates().Any(other => other.Id != self && other.IsPickable);

    /// <summary>Returns when no room is here any more, or no other Janus could take one.</summary>
    public async Task Run(CancellationToken ct)
    {
        if (HoldsRooms && CouldMove)
            log.LogInformation("{Id} is to stop and waits until its rooms were moved away", self);
        heartbeat.Stopping();
        while (HoldsRooms && CouldMove)
            await Task.Delay(Look, clock, ct);
    }
}
