namespace EventRtc.Hosting;

/// <summary>Several loops that make sense only together.</summary>
public static class Together
{
    /// <summary>Runs them until one ends, then ends the others; throws what the first one threw.</summary>
    public static async Task Run(CancellationToken ct, params IReadOnlyList<Func<CancellationToken, Task>> loops)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = loops.Select(run => run(either.Token)).ToList();
        var ended = await Task.WhenAny(running);
        await either.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }
}
