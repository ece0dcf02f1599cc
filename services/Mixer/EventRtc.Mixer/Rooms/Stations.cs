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

    public int Count => stations.Count;

    /// <summary>Brings a live session on air, or keeps it there. Another session's ffmpeg and folder go first.</summary>
    public async Task<(PortPair? Port, TimeSpan? RetryAfter)> KeepOnAir(RoomId room, RoomViews views, string nonce)
    {
        if (stations.TryGetValue(room, out var station) && station.Nonce != nonce)
        {
            await TakeDown(room);
            station = null;
        }
        if (station is null)
        {
            station = stations[room] = Open(room, nonce);
            CountChanged?.Invoke();
        }
        var retry = await station.KeepRunning(views);
        folder.Of(room).Sweep();
        return (station.Port, retry);
    }

    /// <summary>Leaves nothing of a room: no ffmpeg, no folder, no port; also not of a former run.</summary>
    public async Task TakeDown(RoomId room)
    {
        if (stations.TryGetValue(room, out var station))
            await station.Stop();
        folder.Of(room).Delete();
        if (stations.TryRemove(room, out _))
            CountChanged?.Invoke();
    }

    /// <summary>Ends every ffmpeg and keeps the folders, so that the next run goes on in them.</summary>
    public async Task StopAll()
    {
        await Task.WhenAll(stations.Values.Select(station => station.Stop()));
        stations.Clear();
    }

    private Station Open(RoomId room, string nonce) => new(
        nonce, KeyInfo.For(secretBytes, room, nonce), folder.Of(room), ports, options, () => Ended?.Invoke(room), clock, log);
}
