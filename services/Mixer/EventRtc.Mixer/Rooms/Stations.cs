using System.Collections.Concurrent;
using System.Text;
using EventRtc.Contracts;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Ports;

namespace EventRtc.Mixer.Rooms;

/// <summary>All rooms on this mixer. Calls for one room come one at a time; different rooms' at once.</summary>
public sealed class Stations(WorkFolder folder, RtpPorts ports, MixerOptions options, HlsKeyOptions secret, TimeProvider clock, ILogger<Stations> log)
{
    private readonly byte[] secretBytes = Encoding.UTF8.GetBytes(secret.KeySecret);
    private readonly ConcurrentDictionary<RoomId, Station> stations = new();

    /// <summary>A room's ffmpeg has ended by itself.</summary>
    public event Action<RoomId>? Ended;

    /// <summary><see cref="Count"/> may be another one now.</summary>
    public event Action? CountChanged;

    /// <summary>Rooms on air here. One that was handed over is none, although its last segments are served still.</summary>
    public int Count => stations.Values.Count(station => station.HandOver is not { IsOver: true });

    /// <summary>Those too.</summary>
    public int Served => stations.Count;

    /// <summary>Whether anything of a room is here, of this run or a former one.</summary>
    public bool HaveAnyOf(RoomId room) => stations.ContainsKey(room) || folder.Of(room).Exists;

    /// <summary>Whether the views have shown that this mixer has the live session.</summary>
    public bool WasShown(RoomId room, string nonce) => stations.TryGetValue(room, out var station) && station.Nonce == nonce && station.WasShown;

    /// <summary>Brings a live session on air, or keeps it there. Another session's ffmpeg and folder go first.</summary>
    public async Task<Standing> KeepOnAir(RoomId room, RoomViews views, LiveMeta live)
    {
        if (stations.TryGetValue(room, out var station) && (station.Nonce != live.Nonce || station.HandOver is { IsOver: true } || station.WasGivenAway(views.Mixer)))
        {
            await TakeDown(room);
            station = null;
        }
        if (station is null)
        {
            station = stations[room] = Open(room, live);
            CountMayHaveChanged();
        }
        station.HandOver = null;
        var retry = await station.KeepRunning(views);
        folder.Of(room).Sweep();
        return new Standing(station.Port, retry, station.Failures);
    }

    /// <summary>Keeps the ffmpeg of a room running of which nothing new is known. A folder of a former run stays as it is.</summary>
    public async Task KeepRunning(RoomId room)
    {
        if (stations.TryGetValue(room, out var station) && station.HandOver is not { IsOver: true })
            await station.KeepRunning(RoomViews.Empty);
    }

    /// <summary>Lets go of a room that is another mixer's now, step by step.</summary>
    /// <returns>When to look again; null when nothing is left.</returns>
    public async Task<TimeSpan?> HandOver(RoomId room, RoomViews views, LiveMeta live)
    {
        if (!stations.TryGetValue(room, out var station) || station.Nonce != live.Nonce)
        {
            await TakeDown(room);
            return null;
        }
        var handOver = station.HandOver ??= new HandOver(options, clock);
        if (!handOver.IsOver && !handOver.IsDue(views))
            return await station.KeepRunning(RoomViews.Empty) ?? options.Recheck;
        if (!handOver.IsOver)
        {
            await station.Stop();
            handOver.Over();
            CountMayHaveChanged();
        }
        if (handOver.Left is { Ticks: > 0 } left)
            return left;
        await TakeDown(room);
        return null;
    }

    /// <summary>Leaves nothing of a room: no ffmpeg, no folder, no port; also not of a former run.</summary>
    public async Task TakeDown(RoomId room)
    {
        if (stations.TryGetValue(room, out var station))
            await station.Stop();
        folder.Of(room).Delete();
        if (stations.TryRemove(room, out _))
            CountMayHaveChanged();
    }

    /// <summary>Ends every ffmpeg and keeps the folders, so that the next run goes on in them.</summary>
    public async Task StopAll()
    {
        await Task.WhenAll(stations.Values.Select(station => station.Stop()));
        stations.Clear();
        MixerTelemetry.Holds(0);
    }

    private void CountMayHaveChanged()
    {
        MixerTelemetry.Holds(Count);
        CountChanged?.Invoke();
    }

    private Station Open(RoomId room, LiveMeta live) => new(
        live, KeyInfo.For(secretBytes, room, live.Nonce), folder.Of(room), ports, options, () => Ended?.Invoke(room), clock, log);
}

/// <summary>How a room on air stands.</summary>
/// <param name="Port">Where its sound is to be sent; null while there is no port.</param>
/// <param name="RetryAfter">Until the next try to start ffmpeg; null when it runs.</param>
/// <param name="Failures">Times in a row that it could not be kept running.</param>
public sealed record Standing(PortPair? Port, TimeSpan? RetryAfter, int Failures);
