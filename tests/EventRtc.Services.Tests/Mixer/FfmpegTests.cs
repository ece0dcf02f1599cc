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
        Assert.True(playlist.HasDiscontinuity);
        foreach (var segment in playlist.Segments)
            Assert.True((await playlist.Hear(await Segment(segment), Secret, Room, Nonce, scratch.Path)).Tone > 0.05, segment);
    }

    [Fact]
    public async Task Segments_that_ffmpeg_no_longer_knows_are_swept()
    {
        folder.Prepare(Key(Nonce), IPAddress.Loopback, port.Rtp);
        string[] names = ["seg000007.ts", "seg000009.ts", "seg000010.ts", "seg000014.ts", "seg000003.ts.tmp", "seg000016.ts.tmp"];
        foreach (var name in names)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name), "");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, HlsFolder.Playlist), "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:14\nseg000014.ts\nseg000015.ts\n");

        folder.Sweep();

        Assert.Equal(["seg000010.ts", "seg000014.ts", "seg000016.ts.tmp"], Directory.GetFiles(folder.Path, "seg*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Another_live_session_starts_with_an_empty_folder_and_the_same_one_goes_on()
    {
        folder.Prepare(Key(Nonce), IPAddress.Loopback, port.Rtp);
        var segment = Path.Combine(folder.Path, "seg000000.ts");
        File.WriteAllText(segment, "");

        folder.Prepare(Key(Nonce), IPAddress.Loopback, port.Rtp + 2);
        Assert.True(File.Exists(segment));
        Assert.Contains($"m=audio {port.Rtp + 2} ", File.ReadAllText(Path.Combine(folder.Path, "room.sdp")), StringComparison.Ordinal);

        folder.Prepare(Key("another"), IPAddress.Loopback, port.Rtp);
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

    private static KeyInfo Key(string nonce) => KeyInfo.For(Secret, Room, nonce);

    private Task<ChildProcess> Start()
    {
        folder.Prepare(Key(Nonce), IPAddress.Loopback, port.Rtp);
        return ChildProcess.Start(Ffmpeg.Describe(folder.Path, IPAddress.Loopback));
    }

    private async Task<HlsReader> PlaylistWith(int segments)
    {
        await Eventually.True(() => Playlist().Segments.Count >= segments, Patience, $"{segments} segments are listed");
        return Playlist();
    }

    private HlsReader Playlist() => HlsReader.Read(File.ReadAllText(Path.Combine(folder.Path, HlsFolder.Playlist)));

    private Task<byte[]> Segment(string name) => File.ReadAllBytesAsync(Path.Combine(folder.Path, name));
}
