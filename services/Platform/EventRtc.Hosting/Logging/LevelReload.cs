using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Logging;

/// <summary>Reads levels anew when their file has changed, and on SIGHUP. A file with a fault changes nothing.</summary>
internal sealed class LevelReload(LevelSource source, CurrentLevels current, LogOptions options, ILogger<LevelReload> log) : IDisposable
{
    private readonly SemaphoreSlim asked = new(0);
    private PosixSignalRegistration? hangup;
    private string? seen = Look(source, out _);

    /// <summary>Runs until cancelled.</summary>
    public async Task Run(CancellationToken ct)
    {
        // Without this the signal would end the process: also between two runs, and while the service stops.
        hangup ??= PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            asked.Release();
        });
        while (true)
            Reload(always: await asked.WaitAsync(source.HasFile ? options.ReloadEvery : Timeout.InfiniteTimeSpan, ct));
    }

    public void Dispose()
    {
        hangup?.Dispose();
        asked.Dispose();
    }

    /// <param name="always">Also when the file is what it was.</param>
    internal void Reload(bool always)
    {
        var now = Look(source, out var config);
        if (now == seen && !always)
            return;
        seen = now;
        if (config is null)
            log.LogError("Log levels stay as they are: {Fault}", now);
        else
            Take(source.LevelsWith(config));
    }

    /// <summary>Said under whichever of the two levels lets it through.</summary>
    private void Take(LogLevels levels)
    {
        var said = log.IsEnabled(LogLevel.Information);
        if (said)
            Say(levels);
        current.Replace(levels);
        if (!said)
            Say(levels);
    }

    private void Say(LogLevels levels) => log.LogInformation("Log levels are read anew: {Levels}", levels);

    /// <returns>The file's text, or what is wrong with it: a fault is said once.</returns>
    private static string? Look(LevelSource source, out LogConfig? config)
    {
        try
        {
            var text = source.Load();
            config = source.Parse(text);
            return text;
        }
        catch (SettingsException fault)
        {
            config = null;
            return fault.Message;
        }
    }
}
