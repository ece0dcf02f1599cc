using EventRtc.Hosting.Processes;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Ports;

namespace EventRtc.Mixer.Rooms;

/// <summary>One live session on this mixer: its port, its folder, its ffmpeg. Only its room's reconcile touches it, one at a time.</summary>
/// <param name="ended">Told when ffmpeg has ended.</param>
internal sealed class Station(LiveMeta live, KeyInfo key, HlsFolder folder, RtpPorts ports, MixerOptions options, Action ended, TimeProvider clock, ILogger log)
{
    private readonly RestartPauses pauses = new(clock);
    private readonly Progress progress = new(options.StuckAfter, clock);
    private ChildProcess? ffmpeg;
    private RtpSource? heard;
    private ModuleId? janus;
    private bool wasStarted;
    private bool hurried;

    /// <summary>What ffmpeg begins with, since when, and whether it was started again; null once that is there.</summary>
    private (long Segment, DateTimeOffset Since, bool Again)? awaited;

    public string Nonce { get; } = live.Nonce;

    /// <summary>Null while the room is ours.</summary>
    public HandOver? HandOver { get; set; }

    /// <summary>Where ffmpeg listens; kept over its restarts, so that the forwarder stays right. Null before the first start.</summary>
    public PortPair? Port { get; private set; }

    /// <summary>Times in a row that ffmpeg could not be kept running.</summary>
    public int Failures => pauses.Failures;

    /// <summary>Whether the views have shown where we listen.</summary>
    public bool WasShown { get; private set; }

    /// <summary>
    /// Whether the room was another mixer's meanwhile: its views showed our port and no longer do. The other one has numbered segments of the same session since,
    /// and so this one cannot go on.
    /// </summary>
    public bool WasGivenAway(MixerView? mixer) => WasShown && mixer?.Id != options.Id;

    /// <summary>Starts ffmpeg when it does not run, and anew when another forwarder feeds it or it has got stuck.</summary>
    /// <param name="views">Tell where an ffmpeg of a former run listened, and which forwarder sends.</param>
    /// <returns>Null when it runs; else how long to wait before the next try.</returns>
    public async Task<TimeSpan?> KeepRunning(RoomViews views)
    {
        LookForFirstSegment();
        WasShown |= Port is { } shown && views.Mixer is { } mixer && (mixer.Id, mixer.Port) == (options.Id, shown.Rtp);
        if (ffmpeg is { IsRunning: false })
            await Bury();
        if (views.Janus is { } other && janus is not null && other.Id != janus)
            await MoveFrom(janus.Value);
        else if (ffmpeg is not null)
            await EndIfUseless(views);
        if (ffmpeg is null)
        {
            if (pauses.Left is { Ticks: > 0 } left)
                return left;
            if (!await Start(views))
                return pauses.Left;
        }
        heard = SourceIn(views) ?? heard;
        janus = views.Janus?.Id ?? janus;
        return null;
    }

    /// <summary>Ends ffmpeg and gives the port back once it is gone. The folder stays.</summary>
    public async Task Stop()
    {
        await End(options.StopGrace, "asked");
        ReleasePort();
    }

    /// <returns>False when it could not be started.</returns>
    private async Task<bool> Start(RoomViews views)
    {
        var former = views.Mixer is { } mixer && mixer.Id == options.Id ? mixer : null;
        try
        {
            Port ??= (former is null || wasStarted ? null : ports.TryTake(former.Port)) ?? ports.Take();
            folder.Prepare(key, options.Ip, Port.Value.Rtp, goesOn: wasStarted || former is not null, FirstSegment());
        }
        catch (Exception failure) when (failure is NoPortException or IOException)
        {
            pauses.Failed();
            log.Log(failure is NoPortException ? LogLevel.Warning : LogLevel.Debug, "ffmpeg cannot be started: {Reason}", failure.Message); // the disk has a line of its own
            return false;
        }
        hurried |= former is not null && !wasStarted;
        awaited = (folder.NextSegment() ?? FirstSegment(), clock.GetUtcNow(), wasStarted);
        using (MixerTelemetry.Do("start ffmpeg"))
            ffmpeg = await ChildProcess.Start(Ffmpeg.Describe(folder.Path, options.Ip, hurried));
        MixerTelemetry.Started(again: wasStarted);
        (wasStarted, hurried) = (true, false);
        heard = null;
        pauses.Started();
        progress.Restart();
        log.LogInformation("ffmpeg listens on port {Port}", Port);
        _ = ffmpeg.Exited.ContinueWith(_ => ended(), TaskScheduler.Default);
        return true;
    }

    /// <summary>
    /// Tenths of a second since the live session began. Segments take a second, so whichever mixer comes later begins beyond all that those before it made, and no player
    /// is led back.
    /// </summary>
    private long FirstSegment() => Math.Max(0, (long)((clock.GetUtcNow() - live.CreatedAt).TotalSeconds * 10));

    private void LookForFirstSegment()
    {
        if (awaited is not { } first || folder.WrittenAt(first.Segment) is not { } written || written < first.Since)
            return; // an earlier one may be a killed ffmpeg's, which had not listed it
        MixerTelemetry.FirstSegment(written - first.Since, first.Again);
        awaited = null;
    }

    /// <summary>ffmpeg has ended by itself. Its exit code tells little: silence gives 0, a taken port 1.</summary>
    private async Task Bury()
    {
        log.LogWarning("ffmpeg on port {Port} ended with {ExitCode}: {LastLines}", Port, await ffmpeg!.Exited, string.Join(" | ", ffmpeg.LastLines.TakeLast(3)));
        await ffmpeg.DisposeAsync();
        ffmpeg = null;
        MixerTelemetry.Ended("died");
        hurried = true;
        pauses.Ended();
        if (Port is { } port && !ports.IsFree(port))
            ReleasePort(); // another program has it: the next start takes another
    }

    private async Task EndIfUseless(RoomViews views)
    {
        var source = SourceIn(views);
        if (heard is not null && source is not null && source != heard)
        {
            log.LogInformation("Another forwarder feeds port {Port}: ffmpeg starts anew", Port);
            await End(options.StopGrace, "fed_anew");
        }
        else if (progress.IsStuck(folder.NextSegment(), expected: source is not null))
        {
            // Only what arrives and is not read is ffmpeg's fault; else a frozen Janus would have this mixer lose the room.
            var unread = UnreadSound.At(options.Ip, Port!.Value.Rtp);
            log.LogWarning("ffmpeg on port {Port} makes no segments, {Unread} bytes wait there: it starts anew", Port, unread);
            await End(grace: TimeSpan.Zero, "stuck"); // a frozen one hears nothing
            hurried = true;
            pauses.Ended(blamed: unread > 0);
        }
    }

    /// <summary>A forwarder of the former Janus may be where nobody can stop it: it must not mix in.</summary>
    private async Task MoveFrom(ModuleId former)
    {
        log.LogInformation("The room has left {Janus}: port {Port} is given up", former, Port);
        await End(options.MoveGrace, "moved");
        ReleasePort();
        janus = null;
    }

    /// <param name="why">For the metric.</param>
    private async Task End(TimeSpan grace, string why)
    {
        if (ffmpeg is null)
            return;
        using (MixerTelemetry.Do("stop ffmpeg"))
            await ffmpeg.Stop(grace);
        await ffmpeg.DisposeAsync();
        ffmpeg = null;
        MixerTelemetry.Ended(why);
    }

    private void ReleasePort()
    {
        if (Port is { } port)
            ports.Release(port);
        Port = null;
    }

    private RtpSource? SourceIn(RoomViews views) => Port is { } port ? RtpSource.Of(views, port.Rtp) : null;
}
