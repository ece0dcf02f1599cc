namespace EventRtc.Chaos;

/// <summary>One line on the terminal that tells how far the run is, and what is broken now.</summary>
internal sealed class Progress : IDisposable
{
    private const int Width = 30, LongestNews = 100;

    private readonly Timer timer;

    /// <param name="news">What else is to be told; may change all the time.</param>
    public Progress(TimeSpan time, Func<string>? news = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        timer = new Timer(_ => Tell(TimeProvider.System.GetElapsedTime(started), time, news?.Invoke() ?? ""), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        timer.Dispose();
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine();
    }

    private static void Tell(TimeSpan passed, TimeSpan whole, string news)
    {
        if (Console.IsErrorRedirected)
            return;
        var filled = (int)Math.Clamp(Width * (passed / whole), 0, Width);
        var cut = news.Length > LongestNews ? $"{news.AsSpan(0, LongestNews - 1)}…" : news;
        Console.Error.Write($"\r{passed:mm\\:ss} of {whole:mm\\:ss} {new string('█', filled)}{new string('░', Width - filled)} {cut.PadRight(LongestNews)}");
    }
}
