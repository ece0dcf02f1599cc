using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using EventRtc.Visitors;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Reads a room's playlist again and again, as players do, and remembers how it went on.</summary>
internal sealed partial class PlaylistWatch : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<Look> looks = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Task running;

    public PlaylistWatch(RoomApi rooms, string room) => running = Task.Run(() => Run(rooms, room));

    /// <summary>The playlists in the order in which they came.</summary>
    public IReadOnlyList<Look> Looks => [.. looks.Where(look => look.Status == 200)];

    /// <summary>What was answered in place of a playlist, each once.</summary>
    public IReadOnlyList<int> Refusals => [.. looks.Select(look => look.Status).Where(status => status != 200).Distinct()];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
    }

    private async Task Run(RoomApi rooms, string room)
    {
        while (!ending.IsCancellationRequested)
        {
            using var answer = await rooms.Media(room, "stream.m3u8");
            var text = await answer.Content.ReadAsStringAsync();
            looks.Enqueue(new Look((int)answer.StatusCode, Number(text, "MEDIA-SEQUENCE"), Number(text, "DISCONTINUITY-SEQUENCE")));
            await Task.Delay(LookEvery, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long Number(string playlist, string tag) =>
        Tag().Matches(playlist).FirstOrDefault(match => match.Groups["tag"].Value == tag) is { } found ? long.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture) : -1;

    [GeneratedRegex("^#EXT-X-(?<tag>[A-Z-]+):(?<number>[0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex Tag();

    internal sealed record Look(int Status, long Sequence, long Discontinuities);
}
