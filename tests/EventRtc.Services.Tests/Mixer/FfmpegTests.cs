using System.Net;
using System.Text;
using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Ports;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

public sealed class FfmpegTests : IAsyncLifetime
{
    private const string Nonce = "n0nce";
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret of at least thirty-two bytes");
    private static readonly RoomId Room = new("room-a");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TestFolder scratch = new();
    private readonly RtpPorts ports = new(new PortRange(16_000, 17_999), IPAddress.Loopback, Random.Shared.Next(1000));
    private HlsFolder folder = null!;
    private PortPair port;
    private ChildProcess tone = null!;

    public async ValueTask InitializeAsync()
    {
        folder = new HlsFolder(Path.Combine(scratch.Path, "room-a"));
        port = ports.Take();
        tone = await Tone.SendTo(port.Rtp);
    }

    public async ValueTask DisposeAsync()
    {
        await tone.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task A_tone_sent_as_RTP_is_heard_in_the_decrypted_segment()
    {
        await using var ffmpeg = await Start();
        var playlist = await PlaylistWith(segments: 2);

        Assert.Equal($"enc.key?n={Nonce}", playlist.KeyUri);
        Assert.DoesNotContain("#EXT-X-ENDLIST", playlist.Lines);
        var (heard, other) = await playlist.Hear(await Segment(playlist.Segments[^1]), Secret, Room, Nonce, scratch.Path);
        Assert.True(heard > 20 * other, $"1 kHz {heard:0.0000}, 700 Hz {other:0.0000}");
        Assert.True(heard > 0.05, $"1 kHz {heard:0.0000}");
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Kill)]
    public async Task A_restarted_ffmpeg_goes_on_in_the_same_playlist(Signal end)
    {
        int last;
        await using (var first = await Start())
        {
            last = HlsReader.NumberOf((await PlaylistWith(segments: 2)).Segments[^1]);
            first.Send(end);
            await first.Exited;
        }

        await using var second = await Start();
        await Eventually.True(() => HlsReader.NumberOf(Playlist().Segments[^1]) > last + 1, Patience, "numbering goes on");

        var playlist = Playlist();
        Assert.True(playlist.Timelines[^1] > playlist.Timelines[0]);
        foreach (var segment in playlist.Segments)
            Assert.True((await playlist.Hear(await Segment(segment), Secret, Room, Nonce, scratch.Path)).Tone > 0.05, segment);
    }

    [Fact]
    public async Task Segments_that_ffmpeg_no_longer_knows_are_swept()
    {
        Prepare(Nonce, port.Rtp);
        string[] names = ["seg000007.ts", "seg000009.ts", "seg000010.ts", "seg000014.ts", "seg000003.ts.tmp", "seg000016.ts.tmp"];
        foreach (var name in names)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name), "");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, HlsFolder.Playlist), "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:14\nseg000014.ts\nseg000015.ts\n");

        folder.Sweep();

        Assert.Equal(["seg000010.ts", "seg000014.ts", "seg000016.ts.tmp"], Directory.GetFiles(folder.Path, "seg*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_folder_begins_with_the_number_it_is_given_and_each_ffmpeg_with_a_timeline_of_its_own()
    {
        await using (await Start(first: 1234))
            await PlaylistWith(segments: 2);
        await using (await Start(first: 9999))
            await Eventually.True(async () => (await Served()).Timelines[^1] == 1236, Patience, "the second one has made a segment");
        await using (await Start(first: 9999))
            await Eventually.True(async () => (await Served()).Timelines[0] == 1237, Patience, "all but the third one's have left the window");

        var served = await Served();
        Assert.All(served.Timelines, timeline => Assert.Equal(1237, timeline));
        Assert.True(HlsReader.NumberOf(served.Segments[0]) is > 1236 and < 1300, served.Segments[0]);
    }

    [Fact]
    public async Task A_playlist_and_segments_that_are_not_whole_are_not_served_and_do_not_keep_ffmpeg_from_going_on()
    {
        string segment;
        await using (await Start(first: 10))
            segment = (await PlaylistWith(segments: 2)).Segments[0];
        Assert.NotNull(await folder.Read(segment, CancellationToken.None));
        var whole = await Segment(segment);

        foreach (var broken in new[] { [], whole[..4096], whole[..^1], [.. whole, 1] })
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, segment), broken);
            Assert.Null(await folder.Read(segment, CancellationToken.None));
        }
        var playlist = await File.ReadAllTextAsync(Path.Combine(folder.Path, HlsFolder.Playlist));
        foreach (var cut in new[] { "", playlist[..^1], playlist[..200], MediaPlaylist.Begin(7) })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, HlsFolder.Playlist), cut);
            Assert.Null(await folder.Read(HlsFolder.Playlist, CancellationToken.None));
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, HlsFolder.Playlist), "");
        await using var again = await Start(first: 77);
        Assert.Equal("seg000077.ts", (await PlaylistWith(segments: 1)).Segments[0]);
    }

    [Fact]
    public void Another_live_session_starts_with_an_empty_folder_and_the_same_one_goes_on_unless_another_mixer_had_it()
    {
        Prepare(Nonce, port.Rtp);
        var segment = Path.Combine(folder.Path, "seg000000.ts");
        File.WriteAllText(segment, "");

        Prepare(Nonce, port.Rtp + 2);
        Assert.True(File.Exists(segment));
        Assert.Contains($"m=audio {port.Rtp + 2} ", File.ReadAllText(Path.Combine(folder.Path, "room.sdp")), StringComparison.Ordinal);

        Prepare("another", port.Rtp);
        Assert.False(File.Exists(segment));

        File.WriteAllText(segment, "");
        Prepare("another", port.Rtp, goesOn: false);
        Assert.False(File.Exists(segment));

        folder.Delete();
        folder.Delete();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Theory]
    [InlineData("stream.m3u8", true)]
    [InlineData("seg000000.ts", true)]
    [InlineData("seg1000000.ts", true)]
    [InlineData("enc.key", false)]
    [InlineData("key.info", false)]
    [InlineData("seg000000.ts.tmp", false)]
    [InlineData("../room-b/stream.m3u8", false)]
    [InlineData("seg000000.ts\n", false)]
    public void Only_the_playlist_and_segments_are_served(string file, bool served) => Assert.Equal(served, HlsFolder.IsServed(file));

    private void Prepare(string nonce, int rtp, bool goesOn = true, long first = 0) =>
        folder.Prepare(KeyInfo.For(Secret, Room, nonce), IPAddress.Loopback, rtp, goesOn, first);

    private Task<ChildProcess> Start(long first = 0)
    {
        Prepare(Nonce, port.Rtp, first: first);
        return ChildProcess.Start(Ffmpeg.Describe(folder.Path, IPAddress.Loopback));
    }

    private async Task<HlsReader> Served() => HlsReader.Read(Encoding.UTF8.GetString((await folder.Read(HlsFolder.Playlist, CancellationToken.None))!));

    private async Task<HlsReader> PlaylistWith(int segments)
    {
        await Eventually.True(() => Playlist().Segments.Count >= segments, Patience, $"{segments} segments are listed");
        return Playlist();
    }

    private HlsReader Playlist() => HlsReader.Read(File.ReadAllText(Path.Combine(folder.Path, HlsFolder.Playlist)));

    private Task<byte[]> Segment(string name) => File.ReadAllBytesAsync(Path.Combine(folder.Path, name));
}
