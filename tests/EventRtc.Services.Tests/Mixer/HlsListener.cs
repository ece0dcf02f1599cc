using System.Net;
using EventRtc.Domain;
using EventRtc.Local;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>Fetches playlists and segments from a mixer, as the HLS service does.</summary>
internal sealed class HlsListener(Uri mixer) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = mixer };

    /// <summary>Null while the mixer has no playlist of the room.</summary>
    public async Task<HlsReader?> Playlist(RoomId room)
    {
        using var answer = await Http.GetAsync(new Uri($"/rooms/{room}/stream.m3u8", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound ? null : HlsReader.Read(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>The playlist once it lists a segment of this number or a later one.</summary>
    public Task<HlsReader> PlaylistUpTo(RoomId room, int segment) =>
        PlaylistOnce(room, playlist => HlsReader.NumberOf(playlist.Segments[^1]) >= segment, $"segment {segment} is listed");

    /// <summary>The playlist once it is there and so.</summary>
    public async Task<HlsReader> PlaylistOnce(RoomId room, Func<HlsReader, bool> isSo, string what)
    {
        HlsReader? playlist = null;
        await Eventually.True(async () => (playlist = await Playlist(room)) is { Segments.Count: > 0 } && isSo(playlist), WorkerRig.Patience, what);
        return playlist!;
    }

    public Task<byte[]> Segment(RoomId room, string name) => Http.GetByteArrayAsync(new Uri($"/rooms/{room}/{name}", UriKind.Relative));

    public void Dispose() => Http.Dispose();
}
