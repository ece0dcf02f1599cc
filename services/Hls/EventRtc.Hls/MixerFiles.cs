using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>Fetches a room's files from its mixer.</summary>
public sealed class MixerFiles : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <returns>The mixer's answer with its body still to be read; null when the mixer does not answer.</returns>
    public async Task<HttpResponseMessage?> Open(MixerView mixer, RoomId room, string file, CancellationToken ct)
    {
        try
        {
            return await http.GetAsync(new Uri($"http://{mixer.Ip}:{mixer.HlsPort}/rooms/{room}/{file}"), HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException)
        {
            return null; // it died a moment ago; the caller is told to try again
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return null; // it did not answer in time
        }
    }

    public void Dispose() => http.Dispose();
}
