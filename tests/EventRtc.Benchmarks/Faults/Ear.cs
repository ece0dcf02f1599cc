using EventRtc.Local;
using EventRtc.Visitors;
using Microsoft.Playwright;

namespace EventRtc.Benchmarks.Faults;

/// <summary>
/// What an anchor's page plays of the other anchor, who speaks a steady tone: every frame that the browser's decoder puts out, with the time, through all the peer connections that
/// the page makes. For packets that do not come the decoder makes up a tone that is as good as the real one for a while: only the browser's own count of such samples tells.
/// </summary>
internal sealed class Ear
{
    private const string Open = """
        hertz => {
          const ear = window.ear = { track: 0, frames: [], madeUp: [], run: 0, last: 0, level: 0 }; // frames: time, amplitude, track; madeUp: time, milliseconds
          const amplitude = (samples, rate) => {
            const factor = 2 * Math.cos(2 * Math.PI * hertz / rate);
            let last = 0, before = 0;
            for (const sample of samples) [last, before] = [sample + factor * last - before, last];
            return 2 * Math.sqrt(Math.max(0, last ** 2 + before ** 2 - factor * last * before)) / samples.length;
          };
          const follow = async (track, number) => {
            const frames = new MediaStreamTrackProcessor({ track, maxBufferSize: 10000 }).readable.getReader();
            const samples = new Float32Array(480);
            for (;;) {
              const { value } = await frames.read();
              if (!value || ear.track !== number) return;
              value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
              const heard = amplitude(samples, value.sampleRate);
              value.close();
              ear.last = Date.now();
              ear.run = heard >= ear.level / 2 ? ear.run + 1 : 0;
              ear.frames.push(ear.last, heard, number);
            }
          };
          let playing;
          setInterval(() => {
            const track = window.eventrtc?.remoteStream?.getAudioTracks()[0];
            if (track === playing) return;
            playing = track;
            ear.track++;
            ear.run = 0;
            if (track) follow(track, ear.track);
          }, 10);
          let peer, before;
          setInterval(async () => {
            const newest = peers.at(-1);
            const report = [...(await newest.getStats()).values()].find(({ type }) => type === 'inbound-rtp');
            const count = (report?.concealedSamples ?? 0) / 48; // per millisecond
            if (newest === peer) ear.madeUp.push(Date.now(), count - before);
            peer = newest;
            before = count;
          }, 100);
        }
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly IPage page;
    private double level;

    private Ear(IPage page) => this.page = page;

    /// <param name="hertz">What the other anchor speaks: whole periods in 10 ms.</param>
    public static async Task<Ear> At(IPage page, int hertz)
    {
        await page.EvaluateAsync(Open, hertz);
        var ear = new Ear(page);
        await Eventually.True(async () => await ear.Frames() >= 100, Soon, "the page plays what the others say");
        return ear;
    }

    /// <summary>Which of the page's peer connections it hears through, counted; it does not grow while one goes on.</summary>
    public Task<int> Track() => page.EvaluateAsync<int>("() => ear.track");

    /// <summary>Whether the tone has been there for so long, and still is.</summary>
    public async Task<bool> HearsFor(TimeSpan time) =>
        await page.EvaluateAsync<double>("() => Date.now() - ear.last < 500 ? ear.run : 0") >= time / Gap.Frame;

    /// <summary>Takes what is heard now for the tone as it is when all is well.</summary>
    /// <returns>Its amplitude.</returns>
    public async Task<double> Tune()
    {
        var amplitudes = await page.EvaluateAsync<double[]>("() => ear.frames.slice(-600).filter((_, i) => i % 3 === 1)");
        level = amplitudes.Order().ElementAt(amplitudes.Length * 9 / 10);
        await page.EvaluateAsync("level => { ear.level = level; }", level);
        return level;
    }

    /// <summary>Forgets what it has heard so far.</summary>
    public Task Begin() => page.EvaluateAsync("() => { ear.frames.length = ear.madeUp.length = 0; }");

    /// <summary>What was heard since <see cref="Begin"/>.</summary>
    public async Task<Heard> End()
    {
        var frames = await page.EvaluateAsync<double[]>("() => ear.frames");
        var madeUp = await page.EvaluateAsync<double[]>("() => ear.madeUp");
        return new Heard(
            [.. frames.Chunk(3).Select(frame => new Frame(Time(frame[0]), frame[1] >= level / 2, (int)frame[2]))],
            [.. madeUp.Chunk(2).Select(count => (Time(count[0]), TimeSpan.FromMilliseconds(count[1])))]);
    }

    private static DateTimeOffset Time(double milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private Task<int> Frames() => page.EvaluateAsync<int>("() => ear.frames.length / 3");
}
