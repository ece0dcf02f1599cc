using System.Globalization;
using System.Text.RegularExpressions;
using EventRtc.Local;

namespace EventRtc.Chaos.Load;

/// <summary>Listens to one live session as a player does, by playlist and segments, through nginx.</summary>
internal sealed partial class Listener(Deployment deployment, Record record, string room)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    private long last = -1;

    public async Task Listen(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            record.Count(await Hear(over) ? "listener: heard" : "listener: waited");
            await Task.Delay(TimeSpan.FromSeconds(1), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there was anything new, and it could be had.</returns>
    public async Task<bool> Hear(CancellationToken ct)
    {
        try
        {
            var playlist = await Http.GetStringAsync(new Uri(deployment.Web, $"/hls/rooms/{room}/stream.m3u8"), ct);
            if (Segment().Matches(playlist) is not [.., var newest])
                return false;
            var number = long.Parse(newest.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (number < last)
                record.Violation($"{room}: a listener had segment {last}, and now the last one listed is {number}");
            var isNews = number > last;
            last = number;
            if (!isNews)
                return false;
            return (await Http.GetByteArrayAsync(new Uri(deployment.Web, $"/hls/rooms/{room}/{newest.Value}"), ct)).Length > 0;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"seg([0-9]+)\.ts")]
    private static partial Regex Segment();
}
