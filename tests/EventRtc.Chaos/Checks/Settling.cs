namespace EventRtc.Chaos.Checks;

/// <summary>Looks again and again until nothing is wrong, or the time is up: what is wrong then is a violation.</summary>
internal static class Settling
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(300);

    /// <param name="find">What is wrong now.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> Within(TimeSpan limit, Record record, string after, Func<Task<IReadOnlyList<string>>> find)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var wrong = await Find(find);
            var passed = TimeProvider.System.GetElapsedTime(begun);
            if (wrong.Count == 0)
                return passed;
            if (passed > limit)
            {
                foreach (var one in wrong)
                    record.Violation($"{limit.TotalSeconds:0} s {after}: {one}");
                return passed;
            }
            await Task.Delay(LookAgain);
        }
    }

    private static async Task<IReadOnlyList<string>> Find(Func<Task<IReadOnlyList<string>>> find)
    {
        try
        {
            return await find();
        }
        catch (Exception away) when (Stores.IsOutage(away))
        {
            return [$"it cannot be told: {away.Message}"];
        }
    }
}
