using EventRtc.Janus.Admin;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// A bridge that belongs to no room. Janus tells nobody since when it runs, but a restart loses all its bridges: one that answers without the canary has been restarted, however
/// quickly, and also when it had no rooms. It outlives the worker, whose next run goes on with it. Throws as <see cref="JanusAdmin"/> does.
/// </summary>
public sealed class Canary(JanusAdmin janus, JanusOptions options, TimeProvider clock)
{
    /// <summary>Every canary's description begins with it, and no other bridge's of ours.</summary>
    public const string Mark = "canary:";

    private readonly string name = $"{Mark}{options.Id}:";
    private long? number;

    /// <summary>Since when this Janus is known to run without a break.</summary>
    public DateTimeOffset Since { get; private set; } = clock.GetUtcNow();

    /// <summary>Looks for it in Janus's list of all bridges, and makes another one when it is not there.</summary>
    /// <returns>True when Janus was restarted since the last look.</returns>
    public async Task<bool> IsLost(IReadOnlyList<Bridge> listed, CancellationToken ct)
    {
        if (listed.Any(bridge => bridge.Number == number))
            return false;
        var lost = number is not null;
        if (listed.FirstOrDefault(bridge => bridge.Description.StartsWith(name, StringComparison.Ordinal)) is { } earlier)
            (number, Since) = (earlier.Number, SinceOf(earlier));
        else
            (number, Since) = await Make(ct);
        return lost;
    }

    private async Task<(long Number, DateTimeOffset Since)> Make(CancellationToken ct)
    {
        var (drawn, now) = (Bridges.AnyNumber(), clock.GetUtcNow());
        await janus.CreateRoom(new NewBridge(drawn, $"{name}{now.ToUnixTimeMilliseconds()}", Guid.NewGuid().ToString("N")), ct);
        return (drawn, now);
    }

    private DateTimeOffset SinceOf(Bridge canary) =>
        long.TryParse(canary.Description.AsSpan(name.Length), out var time) ? DateTimeOffset.FromUnixTimeMilliseconds(time) : clock.GetUtcNow();
}
