using EventRtc.Local;

namespace EventRtc.Visitors;

/// <summary>What a listener hears from <see cref="Begin"/> on, segment by segment.</summary>
public sealed class Recording : IAsyncDisposable
{
    /// <summary>As often as a player looks for new ones; a segment is 1 s and can be had for 6 s.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Listener listener;
    private readonly int first;
    private readonly SortedDictionary<int, byte[]> segments = [];
    private readonly CancellationTokenSource ending = new();
    private readonly Task running;
    private volatile int newest;

    private Recording(Listener listener, int first)
    {
        (this.listener, this.first, newest) = (listener, first, first - 1);
        running = Run();
    }

    /// <summary>From the next segment on: in the one that is there now the tone may have begun.</summary>
    public static async Task<Recording> Begin(Listener listener) => new(listener, await listener.NewestSegment() + 1);

    /// <summary>Waits until so many segments were made from now on, and ends.</summary>
    /// <exception cref="HttpRequestException">One could not be had.</exception>
    public async Task End(int more)
    {
        var last = await listener.NewestSegment() + more;
        await Eventually.True(() => running.IsCompleted || newest >= last, TimeSpan.FromSeconds(more + 10), $"segment {last} can be had");
        await ending.CancelAsync();
        await running;
    }

    /// <summary>The longest time without the tone; to be asked for after <see cref="End"/>.</summary>
    /// <exception cref="InvalidOperationException">A number was left out.</exception>
    public async Task<TimeSpan> LongestGap()
    {
        if (!segments.Keys.SequenceEqual(Enumerable.Range(first, segments.Count)))
            throw new InvalidOperationException($"The segments from {first} on are not all there: {string.Join(' ', segments.Keys)}");
        return Gap.Longest(await Listener.Decode(segments.Values));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Run()
    {
        while (!ending.IsCancellationRequested)
        {
            foreach (var number in (await listener.Listed()).Where(number => number >= first && !segments.ContainsKey(number)))
                segments.Add(number, await listener.Segment(number));
            newest = segments.Keys.LastOrDefault(newest);
            await Task.Delay(LookEvery, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
