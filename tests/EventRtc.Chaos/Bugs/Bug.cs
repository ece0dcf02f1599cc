using EventRtc.Chaos.Faults;

namespace EventRtc.Chaos.Bugs;

/// <summary>A bug that this system once had, or must never have; <c>{Name}.patch</c> beside this file puts it back.</summary>
/// <param name="Project">Where it lies: this project alone is built with it.</param>
/// <param name="Aim">Faults and users by which it shows.</param>
/// <param name="Shows">What a violation says that comes of it; any other means that something else is wrong.</param>
internal sealed record Bug(string Name, string Project, Aim Aim, params string[] Shows)
{
    private const string Projector = "projections/EventRtc.Projector", JanusWorker = "services/Janus/EventRtc.Janus";

    private static readonly string[] ViewsWrong = ["views went back", "views of another version", "views without a version", "is not what the log makes of it"];

    public static IReadOnlyList<Bug> All { get; } =
    [
        new("no-guard", Projector, Short with
        {
            Targets = [Aim.At(d => d.Projectors, FaultKind.Freeze, FaultKind.Freeze, FaultKind.Kill)], Rooms = 2, BriefRooms = 2, Crowd = 4,
        }, ViewsWrong),
        new("no-fence", Projector, Short with
        {
            Targets = [Aim.At(d => d.Projectors, FaultKind.Freeze)], LongestFreeze = TimeSpan.FromSeconds(9), Rooms = 2, Crowd = 1,
        }, "redis_"),
        new("checkpoint-before-xadd", Projector, Short with
        {
            Targets = [Aim.At(d => [d.Redis], FaultKind.Kill, FaultKind.Freeze), Aim.At(d => d.Projectors, FaultKind.Kill)], Rooms = 3, Crowd = 3, LongestDown = TimeSpan.FromSeconds(1),
        }, "redis_missing"),
        new("no-tombstone", Projector, Short with
        {
            Targets = [Aim.At(d => d.Projectors, FaultKind.Kill, FaultKind.Freeze)], Rooms = 1, BriefRooms = 6, LongestDown = TimeSpan.FromSeconds(1),
        }, ViewsWrong),
        new("no-adopt", JanusWorker, Short with
        {
            Targets = [Aim.At(d => d.JanusWorkers, FaultKind.Kill, FaultKind.Restart)], Rooms = 4, Round = TimeSpan.FromSeconds(10),
        }, "more than one Janus room", "is forwarded", "which is not on air there"),
    ];

    private static Aim Short => new() { Targets = [], Rooms = 0, BriefRooms = 0, LongestPause = TimeSpan.FromSeconds(2), Round = TimeSpan.FromSeconds(20) };

    public bool IsShownBy(string violation) => Shows.Any(sign => violation.Contains(sign, StringComparison.Ordinal));
}
