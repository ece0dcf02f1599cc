using EventRtc.Hosting.Processes;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Ports;

namespace EventRtc.Mixer.Rooms;

/// <summary>One live session on this mixer: its port, its folder, its ffmpeg. Only its room's reconcile touches it, one at a time.</summary>
/// <param name="ended">Told when ffmpeg has ended.</param>
internal sealed class Station(string nonce, KeyInfo key, HlsFolder folder, RtpPorts ports, MixerOptions options, Action ended, TimeProvider clock, ILogger log)
{
    private readonly RestartPauses pauses = new(clock);
    private ChildProcess? ffmpeg;
    private RtpSource? heard;

    public string Nonce { get; } = nonce;

    /// <summary>Where ffmpeg listens; kept over its restarts, so that the forwarder stays right. Null before the first start.</summary>
    public PortPair? Port { get; private set; }

    /// <summary>Starts ffmpeg when it does not run, and anew when another forwarder feeds it.</summary>
    /// <param name="views">Tell where an ffmpeg of a former run listened, and which forwarder sends.</param>
    /// <returns>Null when it runs; else how long to wait before the next try.</returns>
    /// <exception cref="NoPortException">All ports are in use.</exception>
    public async Task<TimeSpan?> KeepRunning(RoomViews views)
    {
        if (ffmpeg is { IsRunning: false })
            await Bury();
        if (ffmpeg is not null && heard is not null && SourceIn(views) is { } source && source != heard)
        {
            log.LogInformation("Another forwarder feeds port {Port}: ffmpeg starts anew", Port);
            await End();
        }
        if (ffmpeg is null)
        {
            if (pauses.Left is { Ticks: > 0 } left)
                return left;
            await Start(former: views.Mixer is { } mixer && mixer.Id == options.Id ? mixer.Port : null);
        }
        heard = SourceIn(views) ?? heard;
        return null;
    }

    /// <summary>Ends ffmpeg and gives the port back once it is gone. The folder stays.</summary>
    public async Task Stop()
    {
        await End();
        ReleasePort();
    }

    /// <param name="former">Where an ffmpeg of a former run listened.</param>
    private async Task Start(int? former)
    {
        Port ??= (former is { } port ? ports.TryTake(port) : null) ?? ports.Take();
        folder.Prepare(key, options.Ip, Port.Value.Rtp);
        ffmpeg = await ChildProcess.Start(Ffmpeg.Describe(folder.Path, options.Ip));
        heard = null;
        pauses.Started();
        _ = ffmpeg.Exited.ContinueWith(_ => ended(), TaskScheduler.Default);
    }

    /// <summary>ffmpeg has ended by itself. Its exit code tells little: silence gives 0, a taken port 1.</summary>
    private async Task Bury()
    {
        log.LogWarning("ffmpeg on port {Port} ended with {ExitCode}: {LastLines}", Port, await ffmpeg!.Exited, string.Join(" | ", ffmpeg.LastLines.TakeLast(3)));
        await ffmpeg.DisposeAsync();
        ffmpeg = null;
        pauses.Ended();
        if (Port is { } port && !ports.IsFree(port))
            ReleasePort(); // another program has it: the next start takes another
    }

    private async Task End()
    {
        if (ffmpeg is null)
            return;
        await ffmpeg.Stop(options.StopGrace);
        await ffmpeg.DisposeAsync();
        ffmpeg = null;
    }

    private void ReleasePort()
    {
        if (Port is { } port)
            ports.Release(port);
        Port = null;
    }

    private RtpSource? SourceIn(RoomViews views) => Port is { } port ? RtpSource.Of(views, port.Rtp) : null;
}
