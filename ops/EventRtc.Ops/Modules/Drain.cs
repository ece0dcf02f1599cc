using EventRtc.Domain;

namespace EventRtc.Ops.Modules;

/// <summary>Waits until a module that was marked draining reads drained, and otherwise says what stands in the way.</summary>
/// <param name="held">How many rooms it had before it was marked.</param>
internal sealed class Drain(RoomsService rooms, ModuleRef module, int held, TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private bool begun;

    /// <param name="progress">Told how many of its rooms are gone, and of how many.</param>
    /// <returns>How many rooms it had.</returns>
    /// <exception cref="RefusedException">It is not drained in time, or not to be drained any more.</exception>
    /// <exception cref="RoomsServiceException">The time is up, and the rooms service does not answer.</exception>
    public async Task<int> Wait(Action<int, int>? progress, CancellationToken ct)
    {
        var (started, most) = (clock.GetTimestamp(), held);
        while (true)
        {
            var isLate = clock.GetElapsedTime(started) >= timeout;
            if (await Look(isLate, ct) is { } all)
            {
                var now = all.FirstOrDefault(one => one.Name == module.ToString());
                most = Math.Max(most, now?.RoomsLeft ?? 0);
                if (now?.Label is ModuleLabels.Drained)
                    return most;
                progress?.Invoke(most - (now?.RoomsLeft ?? 0), most);
                if (begun && now?.Label is not ModuleLabels.Draining)
                    throw new RefusedException($"{module} is not draining any more, it has {(now?.Label is { } other ? $"the mark {other}" : "no mark")}: somebody changed that, or its time was over.");
                begun |= now?.Label is ModuleLabels.Draining;
                if (isLate)
                    throw new RefusedException($"{module} is not drained after {DurationOption.Text(timeout)}: {Obstacle(now, all)}");
            }
            await Task.Delay(LookAgain, clock, ct);
        }
    }

    /// <summary>Null when the rooms service does not answer: it may be back soon.</summary>
    private async Task<IReadOnlyList<ModuleNow>?> Look(bool isLast, CancellationToken ct)
    {
        try
        {
            return await rooms.Modules(ct);
        }
        catch (RoomsServiceException) when (!isLast)
        {
            return null;
        }
    }

    private string Obstacle(ModuleNow? now, IReadOnlyList<ModuleNow> all)
    {
        if (!begun)
            return "its mark has not come to etcd. Is a projector running?";
        if (now is not { RoomsLeft: > 0 and var left })
            return "it holds no room, but nobody has marked it so. Is the housekeeping of a rooms service running?";
        var others = all.Where(one => one.Type == now.Type && one.Id != now.Id).ToList();
        var rest = $"{left} {(left == 1 ? "room is" : "rooms are")} left";
        if (others.Exists(one => one.Hindrance is null))
            return $"{rest}, and others can take {(left == 1 ? "it" : "them")}. Give it more time: the mark stays.";
        return $"{rest}, and no other module can take {(left == 1 ? "it" : "them")}: {(others is [] ? $"there is none among the {now.Type}" : string.Join("; ", others.Select(one => $"{one.Name} {one.Hindrance}")))}.";
    }
}
