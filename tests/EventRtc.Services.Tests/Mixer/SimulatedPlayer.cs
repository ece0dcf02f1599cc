using System.Diagnostics;
using System.Globalization;
using EventRtc.Domain;
using EventRtc.Local;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>A listener who began two segments behind the newest one, at the moment when that came: how much is left to be played at each moment.</summary>
internal sealed class SimulatedPlayer : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private readonly HlsListener mixer;
    private readonly RoomId room;
    private readonly CancellationTokenSource ending = new();
    private readonly Stopwatch playing = new();
    private readonly Task running;
    private int newest = -1;
    private volatile int had;
    private TimeSpan ahead;
    private TimeSpan lastCame;

    private SimulatedPlayer(HlsListener mixer, RoomId room)
    {
        (this.mixer, this.room) = (mixer, room);
        running = Task.Run(Run);
    }

    /// <summary>The least that was left when a new segment came; below zero the listener had to wait for so long.</summary>
    public TimeSpan LeastAhead { get; private set; } = TimeSpan.MaxValue;

    public static async Task<SimulatedPlayer> Begin(HlsListener mixer, RoomId room)
    {
        await mixer.PlaylistOnce(room, playlist => playlist.Segments.Count >= 2, "there is something to begin with");
        return new SimulatedPlayer(mixer, room);
    }

    /// <summary>Waits until so many more have come.</summary>
    public async Task Had(int segments)
    {
        var wanted = had + segments;
        await Eventually.True(() => had >= wanted, TimeSpan.FromSeconds(segments) + WorkerRig.Patience, $"{segments} more segments come");
    }

    /// <summary>The worst moment for an ffmpeg to end: all of the segment that it works on is lost, and the listener has played a whole one since the last one came.</summary>
    public async Task JustBeforeTheNext()
    {
        await Had(segments: 1);
        await Eventually.True(() => playing.Elapsed - lastCame > TimeSpan.FromMilliseconds(900), WorkerRig.Patience, "the next segment is nearly done");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
    }

    private async Task Run()
    {
        while (!ending.IsCancellationRequested)
        {
            if (await mixer.Playlist(room) is { } playlist)
                Take(playlist);
            await Task.Delay(LookEvery, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(HlsReader playlist)
    {
        var durations = playlist.Lines.Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal)).Select(line => TimeSpan.FromSeconds(double.Parse(line.AsSpan(8).TrimEnd(','), CultureInfo.InvariantCulture)));
        var listed = playlist.Segments.Select(HlsReader.NumberOf).Zip(durations).ToList();
        if (newest < 0)
        {
            (newest, ahead) = listed[^1];
            return; // it begins when the next one comes
        }
        foreach (var (number, duration) in listed.Where(segment => segment.First > newest))
        {
            if (playing.IsRunning && ahead - playing.Elapsed < LeastAhead)
                LeastAhead = ahead - playing.Elapsed;
            playing.Start();
            ahead += duration;
            (newest, lastCame) = (number, playing.Elapsed);
            had++;
        }
    }
}
