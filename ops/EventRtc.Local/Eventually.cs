using System.Diagnostics;

namespace EventRtc.Local;

/// <summary>Polls for what must come true: the tests' stand-in for sleeping.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not come true in time; the message says what was awaited and the last failure seen.</exception>
    public static Task True(Func<bool> condition, TimeSpan within, string because) =>
        True(() => Task.FromResult(condition()), within, because);

    /// <inheritdoc cref="True(Func{bool}, TimeSpan, string)"/>
    public static async Task True(Func<Task<bool>> condition, TimeSpan within, string because)
    {
        var waited = Stopwatch.StartNew();
        Exception? last = null;
        while (waited.Elapsed < within)
        {
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                last = failure;
            }
            await Task.Delay(Interval);
        }
        throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {because}", last);
    }

    /// <summary>Polls until the value is there and returns it.</summary>
    /// <exception cref="TimeoutException">It was still null.</exception>
    public static async Task<T> Value<T>(Func<Task<T?>> read, TimeSpan within, string because) where T : class
    {
        T? found = null;
        await True(async () => (found = await read()) is not null, within, because);
        return found!;
    }
}
