using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>All clocks agree: events carry their times, tokens end by them, and mixers number segments by them.</summary>
internal static class ClocksCheck
{
    private const string Next = "Let a time service (chrony, systemd-timesyncd) set the clock of that machine: tokens are refused early or late, and a room that moves to a mixer with another clock may fall silent.";

    public static async Task Look(Report report, PostgresEventStore store, RedisClient redis, IReadOnlyList<ServiceDoor> doors, TimeProvider clock, CancellationToken ct)
    {
        List<(string Whose, Func<CancellationToken, Task<ClockReading?>> Read)> clocks =
        [
            ("postgres", Ask(store.Clock, clock)),
            ("redis", Ask(token => TimeOf(redis, token), clock)),
            .. doors.Select(door => (door.Name, (Func<CancellationToken, Task<ClockReading?>>)(async token => (await door.Health(clock, token)).Clock))),
        ];
        var readings = await Task.WhenAll(clocks.Select(async each => (each.Whose, Reading: await Try(each.Read, ct))));
        Judge(report, readings);
    }

    /// <summary>Pure.</summary>
    internal static void Judge(Report report, IReadOnlyList<(string Whose, ClockReading? Reading)> readings)
    {
        foreach (var (whose, reading) in readings)
            if (reading is not { } told)
                report.Skip(whose, "tells no time now");
            else if (told.Verdict is Verdict.Ok)
                report.Ok(whose, $"{told}");
            else if (told.Verdict is Verdict.Warn)
                report.Warn(whose, $"{told}", Next);
            else
                report.Fail(whose, $"{told}", Next);
        var known = readings.Select(each => each.Reading).OfType<ClockReading>().ToList();
        if (known.Count > 1 && known.TrueForAll(reading => reading.Verdict is not Verdict.Ok) && known.Select(reading => Math.Sign(reading.Certain.Ticks)).Distinct().Count() == 1)
            report.Warn("this machine", "differs from all others", "Set the clock of this machine first: the others may be right.");
    }

    private static Func<CancellationToken, Task<ClockReading?>> Ask(Func<CancellationToken, Task<DateTimeOffset>> ask, TimeProvider clock) => async ct =>
    {
        var asked = clock.GetUtcNow();
        var told = await ask(ct);
        return ClockReading.Of(asked, told, clock.GetUtcNow());
    };

    /// <summary>The better of two answers: the first one may have waited for a connection.</summary>
    private static async Task<ClockReading?> Twice(Func<CancellationToken, Task<ClockReading?>> read, CancellationToken ct)
    {
        var (first, second) = (await read(ct), await read(ct));
        return first?.Doubt < second?.Doubt ? first : second;
    }

    /// <summary>Seconds and microseconds.</summary>
    private static async Task<DateTimeOffset> TimeOf(RedisClient redis, CancellationToken ct)
    {
        var time = await redis.ExecuteAsync(["TIME"], ct);
        return DateTimeOffset.FromUnixTimeSeconds((long)time[0]).AddMicroseconds((long)time[1]);
    }

    /// <summary>Who does not answer is told of by a check of its own.</summary>
    private static async Task<ClockReading?> Try(Func<CancellationToken, Task<ClockReading?>> read, CancellationToken ct)
    {
        try
        {
            return await Twice(read, ct);
        }
        catch (Exception fault) when (fault is EventStoreUnavailableException or RedisException || Reach.Explains(fault, ct))
        {
            return null;
        }
    }
}
