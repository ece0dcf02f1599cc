using System.Collections.Concurrent;
using System.Security.Cryptography;
using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>A segment as a listener got it, without its encryption.</summary>
/// <param name="At">When it was there.</param>
/// <param name="Sound">MPEG-TS; empty when it could not be decrypted.</param>
internal sealed record Segment(long Number, TimeSpan Duration, DateTimeOffset At, byte[] Sound);

/// <summary>
/// A listener from <see cref="Begin"/> on: looks for new segments all the time and takes each as soon as it is listed. What fails is tried again, as players do; what then is no more is missed.
/// </summary>
internal sealed class Listening : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(2);

    private readonly RoomApi rooms;
    private readonly string room;
    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<Segment> had = new();
    private readonly Task running;
    private long newest = -1;

    private Listening(RoomApi rooms, string room)
    {
        (this.rooms, this.room) = (rooms, room);
        running = Run();
    }

    /// <summary>What it has got, in the order of the numbers.</summary>
    public IReadOnlyList<Segment> Segments => [.. had];

    /// <summary>Returns when it has got what a player begins with.</summary>
    public static async Task<Listening> Begin(RoomApi rooms, string room)
    {
        var listening = new Listening(rooms, room);
        await listening.Gets(3, TimeSpan.FromSeconds(15));
        return listening;
    }

    /// <summary>Waits for so many more.</summary>
    /// <exception cref="TimeoutException">They did not come.</exception>
    public Task Gets(int more, TimeSpan within)
    {
        var wanted = had.Count + more;
        return Eventually.True(() => had.Count >= wanted, within, $"{more} segments more are had");
    }

    public async Task End()
    {
        await ending.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        ending.Dispose();
    }

    private async Task Run()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await Look();
            }
            catch (Exception failure) when (failure is HttpRequestException or TimeoutException or OperationCanceledException)
            {
                // As a player: looks again.
            }
            await Task.Delay(LookEvery, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Look()
    {
        var listed = Playlist.Read(System.Text.Encoding.UTF8.GetString(await Get("stream.m3u8")));
        foreach (var segment in newest < 0 ? listed.TakeLast(1) : listed.Where(segment => segment.Number > newest))
        {
            var sound = Decrypt(await Key(segment.KeyFile), segment.Iv, await Get(segment.File));
            had.Enqueue(new Segment(segment.Number, segment.Duration, TimeProvider.System.GetUtcNow(), sound));
            newest = segment.Number;
        }
    }

    private async Task<byte[]> Key(string file) => keys.TryGetValue(file, out var known) ? known : keys[file] = await Get(file, await rooms.ListenerToken(room));

    private async Task<byte[]> Get(string file, string? token = null)
    {
        using var answer = await rooms.Media(room, file, token).WaitAsync(GiveUpAfter);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    /// <returns>Nothing for one that is broken.</returns>
    private static byte[] Decrypt(byte[] key, byte[] iv, byte[] segment)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        try
        {
            return aes.DecryptCbc(segment, iv);
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
