using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos.Faults;

/// <summary>What a run strikes at, how often, and what it does meanwhile.</summary>
internal sealed record Aim
{
    private static readonly FaultKind[] AnyEnd = [FaultKind.Kill, FaultKind.Kill, FaultKind.Freeze, FaultKind.Freeze, FaultKind.Restart];

    /// <summary>Each is drawn as often as any other.</summary>
    public required Target[] Targets { get; init; }

    /// <summary>Between two faults; a third of them come together with the one before.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(6);

    public TimeSpan LongestFreeze { get; init; } = TimeSpan.FromSeconds(7);

    public TimeSpan LongestDown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rooms that are spoken in and listened to.</summary>
    public int Rooms { get; init; } = 5;

    /// <summary>Rooms that are removed as soon as they are made, again and again.</summary>
    public int BriefRooms { get; init; } = 2;

    /// <summary>Guests admitted at once, again and again, each an event of the same room.</summary>
    public int Crowd { get; init; }

    /// <summary>How long faults go on before everything is looked at.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromMinutes(2);

    public static Target Flush { get; } = new([FaultKind.FlushRedis], d => [d.Redis]);

    public static Target Wipe { get; } = new([FaultKind.WipeViews, FaultKind.DropView], d => [d.Etcd]);

    /// <summary>Everything that there is.</summary>
    public static Aim Everything { get; } = new()
    {
        Crowd = 1,
        Targets =
        [
            At(d => [d.Postgres]), At(d => [d.Redis]), At(d => [d.Etcd]), At(d => d.Januses), At(d => d.JanusWorkers), At(d => d.MixerWorkers),
            At(d => d.RoomsServices), At(d => d.Projectors), At(d => d.Gateways), At(d => [d.Users]), At(d => [d.Hls]), At(d => [d.Nginx]),
            Flush, Wipe,
        ],
    };

    /// <param name="kinds">All ways for a process to go, when none is named.</param>
    public static Target At(Func<Deployment, IReadOnlyList<Server>> servers, params FaultKind[] kinds) => new(kinds.Length == 0 ? AnyEnd : kinds, servers);

    /// <summary>Faults without end; the same ones for the same seed.</summary>
    public IEnumerable<Fault> Plan(Deployment deployment, Random random)
    {
        while (true)
        {
            var together = random.Next(3) == 0;
            var pause = random.NextDouble() * LongestPause;
            var target = Targets[random.Next(Targets.Length)];
            var servers = target.Servers(deployment);
            var (kind, server, share) = (target.Kinds[random.Next(target.Kinds.Length)], servers[random.Next(servers.Count)], random.NextDouble());
            yield return new Fault(together ? TimeSpan.Zero : pause, kind, server, kind switch
            {
                FaultKind.Kill => share * LongestDown,
                FaultKind.Freeze => TimeSpan.FromSeconds(1) + (share * (LongestFreeze - TimeSpan.FromSeconds(1))),
                _ => TimeSpan.Zero,
            });
        }
    }
}
