using System.Diagnostics;
using EventRtc.Local;
using Microsoft.Playwright;

namespace EventRtc.Visitors;

/// <summary>
/// What an anchor hears of the others from <see cref="Begin"/> on: every frame that the browser's decoder puts out, before a device or a meter could lose or smooth some of it.
/// </summary>
public sealed class Hearing
{
    /// <summary>
    /// A frame is 10 ms, and so ten periods of 1 kHz; the queue holds what a busy page reads late. For packets that do not come the decoder makes up a tone that is as good as the
    /// real one for a while: only the browser's own count of such samples tells.
    /// </summary>
    private const string Listen = """
        async () => {
          const [track] = eventrtc.remoteStream.getAudioTracks();
          const frames = new MediaStreamTrackProcessor({ track, maxBufferSize: 10000 }).readable.getReader();
          const amplitude = (samples, rate) => {
            const factor = 2 * Math.cos(2 * Math.PI * 1000 / rate);
            let last = 0, before = 0;
            for (const sample of samples) [last, before] = [sample + factor * last - before, last];
            return 2 * Math.sqrt(Math.max(0, last ** 2 + before ** 2 - factor * last * before)) / samples.length;
          };
          window.heard = { amplitudes: [], madeUp: [] }; // of 1 kHz for each frame; milliseconds for each 100
          const hear = async () => {
            const { value } = await frames.read();
            if (!value) return false;
            const samples = new Float32Array(value.numberOfFrames);
            value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
            heard.amplitudes.push(amplitude(samples, value.sampleRate));
            value.close();
            return true;
          };
          const count = async () => {
            const reports = [...(await peers.at(-1).getStats()).values()];
            return reports.find(({ type }) => type === 'inbound-rtp').concealedSamples / 48; // per millisecond
          };
          await hear();
          (async () => { while (await hear()); })();
          let before = await count();
          setInterval(async () => { const now = await count(); heard.madeUp.push(now - before); before = now; }, 100);
        }
        """;

    private readonly IPage page;
    private readonly Stopwatch since = Stopwatch.StartNew();

    private Hearing(IPage page) => this.page = page;

    /// <summary>
    /// Has the page wait longer for late packets, from now on: pauses of a busy machine are no gaps. What does not come at all is missing however long it is waited for.
    /// </summary>
    public static Task BePatient(IPage page) => page.EvaluateAsync("() => { for (const receiver of peers.at(-1).getReceivers()) receiver.jitterBufferTarget = 300; }");

    public static async Task<Hearing> Begin(IPage page)
    {
        await page.EvaluateAsync(Listen);
        return new Hearing(page);
    }

    /// <summary>Waits until so much has been heard from now on.</summary>
    public async Task GoesOn(TimeSpan time)
    {
        var frames = await Frames() + time / Gap.Frame;
        await Eventually.True(async () => await Frames() >= frames, time + TimeSpan.FromSeconds(10), $"the page goes on hearing for {time.TotalSeconds} s");
    }

    /// <summary>The longest time without the tone since <see cref="Begin"/>.</summary>
    public async Task<TimeSpan> LongestGap()
    {
        var elapsed = since.Elapsed;
        var amplitudes = await page.EvaluateAsync<double[]>("() => heard.amplitudes");
        var madeUp = await page.EvaluateAsync<double[]>("() => heard.madeUp");
        TimeSpan[] gaps = [Gap.Longest(amplitudes), Longest(madeUp), elapsed - amplitudes.Length * Gap.Frame];
        return gaps.Max();
    }

    /// <summary>What was made up in one go shows in successive looks.</summary>
    private static TimeSpan Longest(IEnumerable<double> madeUp)
    {
        double longest = 0, current = 0;
        foreach (var milliseconds in madeUp)
            longest = Math.Max(longest, current = milliseconds > 0 ? current + milliseconds : 0);
        return TimeSpan.FromMilliseconds(longest);
    }

    private Task<int> Frames() => page.EvaluateAsync<int>("() => heard.amplitudes.length");
}
