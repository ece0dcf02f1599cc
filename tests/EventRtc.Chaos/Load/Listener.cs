using System.Globalization;
using System.Text.RegularExpressions;
using EventRtc.Local;

namespace EventRtc.Chaos.Load;

/// <summary>Listens to one live session as a player does, by playlist and segments, through nginx.</summary>
internal sealed partial class Listener(Deployment deployment, Record record, string room)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>The last segment that was listed; -1 before the first.</summary>
    public long Last { get; private set; } = -1;

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
            if (Segment().Matches(playlist) is not [.., var last])
                return false;
            var number = long.Parse(last.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (number < Last)
                record.Violation($"{room}: a listener had segment {Last}, and now the last one listed is {number}");
            if (number <= Last)
                return false;
            Last = number;
            return (await Http.GetByteArrayAsync(new Uri(deployment.Web, $"/hls/rooms/{room}/{last.Value}"), ct)).Length > 0;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"seg([0-9]+)\.ts")]
    private static partial Regex Segment();
}
