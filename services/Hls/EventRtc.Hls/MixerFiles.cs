using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>Fetches a room's files from its mixer.</summary>
public sealed class MixerFiles : IDisposable
{
    /// <summary>A mixer that is frozen must not keep a player waiting longer than its buffer lasts.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = AnswerWithin, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = AnswerWithin };

    /// <returns>The file with its body still to be read, or null, and whether the mixer has answered.</returns>
    public async Task<(HttpResponseMessage? File, bool Answered)> Open(MixerView mixer, RoomId room, string file, CancellationToken ct)
    {
        try
        {
            var answer = await http.GetAsync(new Uri($"http://{mixer.Ip}:{mixer.HlsPort}/rooms/{room}/{file}"), HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.IsSuccessStatusCode)
                return (answer, true);
            answer.Dispose();
            return (null, (int)answer.StatusCode < StatusCodes.Status500InternalServerError);
        }
        catch (HttpRequestException)
        {
            return (null, false); // it died a moment ago; the caller is told to try again
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, false); // it did not answer in time
        }
    }

    public void Dispose() => http.Dispose();
}
