namespace EventRtc.Chaos;

/// <summary>One line on the terminal that tells how far the run is.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Timer timer;

    public Progress(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        timer = new Timer(_ => Tell(TimeProvider.System.GetElapsedTime(started), time), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        timer.Dispose();
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine();
    }

    private static void Tell(TimeSpan passed, TimeSpan whole)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{passed:mm\\:ss} of {whole:mm\\:ss}");
    }
}
