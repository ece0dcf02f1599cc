using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>Any commands in any order on one room's stream, with few enough names and numbers that they often meet.</summary>
internal sealed record RoomLife(ImmutableArray<RoomCommand> Commands)
{
    private static readonly Gen<ModuleId> Janus = Gen.Elements(Sample.Janus, Sample.Janus, Sample.OtherJanus);
    private static readonly Gen<ModuleId> Mixer = Gen.Elements(Sample.Mixer, Sample.Mixer, Sample.OtherMixer);
    private static readonly Gen<string> Nonce = Gen.Elements("n1", "n1", "n2");
    private static readonly Gen<long> JanusRoom = Gen.Elements(1L, 1L, 2L);
    private static readonly Gen<int> Port = Gen.Elements(10_000, 10_000, 10_002);
    private static readonly Gen<UserId> User = Gen.Elements(Enumerable.Range(0, 5).Select(n => new UserId(new Guid(n, 0, 0, new byte[8]))));
    private static readonly Gen<Role> Role = Gen.Elements(Domain.Role.Host, Domain.Role.Anchor, Domain.Role.Anchor, Domain.Role.Guest);

    private static readonly Gen<RoomCommand> Command = Gen.Frequency(
        (4, from pin in Gen.Elements("abc123", "xyz789") from max in Gen.Choose(1, 3) select New(at => new CreateRoom(Sample.Room, pin, max, at))),
        (4, from j in Janus from m in Mixer from n in Nonce select New(at => new StartLive(Sample.Room, j, m, n, at))),
        (6, from j in Janus from n in Nonce from id in JanusRoom select New(at => new ReportJanusRoom(Sample.Room, j, n, id, at))),
        (6, from m in Mixer from n in Nonce from p in Port select New(at => new ReportMixerPort(Sample.Room, m, n, "10.0.0.5", p, 3_001, at))),
        (8, from j in Janus from id in JanusRoom from p in Port select New(at => new ReportForwarding(Sample.Room, j, id, "10.0.0.5", p, at))),
        (1, from j in Janus select New(at => new ReportForwardingStopped(Sample.Room, j, at))),
        (2, from j in Janus select New(at => new ReportJanusRoomDestroyed(Sample.Room, j, at))),
        (2, from m in Mixer select New(at => new ReportMixerReleased(Sample.Room, m, at))),
        (1, from j in Janus from m in Mixer select New(at => new ReassignModules(Sample.Room, j, m, "janus_gone", at))),
        (1, from grace in Gen.Elements<TimeSpan?>(null, TimeSpan.FromSeconds(2)) select New(at => new RemoveRoom(Sample.Room, "requested", at, Grace: grace))),
        (1, Gen.Constant(New(at => new DiscardRoom(Sample.Room, at)))),
        (6, from u in User from r in Role from h in HostBeside(u) select New(at => new AdmitAnchor(Sample.Room, u, r, at, h))),
        (6, from u in User select New(at => new ReportAnchorJoined(Sample.Room, u, at))),
        (3, from u in User from why in Gen.Elements("left", LeaveReasons.Inactive, LeaveReasons.Removed) select New(at => new ReportAnchorLeft(Sample.Room, u, why, at))));

    private static readonly RoomCommand[] UsualStart =
    [
        New(at => new CreateRoom(Sample.Room, "abc123", 2, at)),
        New(at => new StartLive(Sample.Room, Sample.Janus, Sample.Mixer, "n1", at)),
        New(at => new ReportJanusRoom(Sample.Room, Sample.Janus, "n1", 1, at)),
        New(at => new ReportMixerPort(Sample.Room, Sample.Mixer, "n1", "10.0.0.5", 10_000, 3_001, at)),
        New(at => new ReportForwarding(Sample.Room, Sample.Janus, 1, "10.0.0.5", 10_000, at)),
    ];

    // Time mostly passes; now and then a command comes from a service whose clock lags behind.
    private static readonly Gen<(RoomCommand, int)> CommandLater =
        from command in Command from seconds in Gen.Choose(-5, 30) select (command, seconds);

    /// <summary>Some lives begin as most do, so that the rare turns of a room on air are tried too.</summary>
    public static Gen<RoomLife> Any { get; } =
        from usual in Gen.Choose(0, UsualStart.Length)
        from steps in CommandLater.ListOf()
        select new RoomLife([.. Stamp(UsualStart.Take(usual).Select(command => (command, 1)).Concat(steps))]);

    /// <summary>Mostly nobody has to be a host. Nobody is admitted by themselves: it would be as another role, and then the right is gone.</summary>
    private static Gen<UserId?> HostBeside(UserId user) =>
        Gen.Frequency((3, Gen.Constant<UserId?>(null)), (1, User.Where(host => host != user).Select(host => (UserId?)host)));

    public static Arbitrary<RoomLife> Arbitrary { get; } = Arb.From(Any, Shorter);

    public IEnumerable<Step> Play()
    {
        var room = RoomDecider.Initial;
        foreach (var command in Commands)
        {
            var step = Step.Of(room, command);
            yield return step;
            room = step.After;
        }
    }

    public IEnumerable<RoomEvent> History() => Play().SelectMany(step => step.Recorded);

    public override string ToString() => string.Join('\n', Commands);

    private static RoomCommand New(Func<DateTimeOffset, RoomCommand> command) => command(Sample.At(0));

    private static IEnumerable<RoomCommand> Stamp(IEnumerable<(RoomCommand Command, int Seconds)> steps)
    {
        var at = Sample.At(0);
        foreach (var (command, seconds) in steps)
            yield return command with { At = at = at.AddSeconds(seconds) };
    }

    // Whole halves first, then single commands: a failure is told by the few commands that it takes.
    private static IEnumerable<RoomLife> Shorter(RoomLife life)
    {
        for (var size = life.Commands.Length / 2; size > 0; size /= 2)
            for (var start = 0; start + size <= life.Commands.Length; start += size)
                yield return new RoomLife(life.Commands.RemoveRange(start, size));
        if (life.Commands.Length == 1)
            yield return new RoomLife([]);
    }
}

/// <summary>One command and what came of it.</summary>
internal sealed record Step(RoomState Before, RoomCommand Command, Decision<RoomEvent> Decision, ImmutableArray<RoomEvent> Recorded, RoomState After)
{
    public static Step Of(RoomState room, RoomCommand command)
    {
        var decision = RoomDecider.Decide(room, command);
        var recorded = decision is Decision<RoomEvent>.Accepted accepted ? accepted.Events : [];
        return new Step(room, command, decision, recorded, recorded.Aggregate(room, RoomDecider.Evolve));
    }
}
