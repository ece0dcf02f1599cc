using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Somebody at the listen page, and what the page really plays, moment by moment.</summary>
internal sealed class HearingListener(Browser browser) : IAsyncDisposable
{
    /// <summary>
    /// When 1 kHz came out of the player, by the page's clock in milliseconds: one entry for each frame of sound with the tone. A player that was opened anew has another track.
    /// </summary>
    private const string Listen = """
        () => {
          window.heard = [];
          const amplitude = (samples, rate) => {
            const factor = 2 * Math.cos(2 * Math.PI * 1000 / rate);
            let last = 0, before = 0;
            for (const sample of samples) [last, before] = [sample + factor * last - before, last];
            return 2 * Math.sqrt(Math.max(0, last ** 2 + before ** 2 - factor * last * before)) / samples.length;
          };
          const hear = async (track) => {
            const frames = new MediaStreamTrackProcessor({ track }).readable.getReader();
            for (let frame; (frame = (await frames.read()).value); frame.close()) {
              const samples = new Float32Array(frame.numberOfFrames);
              frame.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
              if (amplitude(samples, frame.sampleRate) > 0.03) heard.push(performance.now());
            }
          };
          const stream = document.querySelector('[data-testid=audio]').captureStream();
          stream.getAudioTracks().forEach(hear);
          stream.onaddtrack = ({ track }) => hear(track);
        }
        """;

    public static async Task<HearingListener> TuneIn(Uri web, string room, string microphone)
    {
        var listener = new HearingListener(await Browser.Start(microphone));
        await listener.Page.GotoAsync($"{web}listen/?room={room}");
        await listener.Page.EvaluateAsync(Listen);
        await listener.Page.GetByTestId("play").ClickAsync();
        await listener.HearsOn(TimeSpan.FromSeconds(3));
        return listener;
    }

    private Microsoft.Playwright.IPage Page => browser.Page;

    /// <summary>Waits until so much more of the tone was heard.</summary>
    public async Task HearsOn(TimeSpan time)
    {
        var from = await Page.EvaluateAsync<double>("() => performance.now()");
        await Eventually.True(async () => await HeardSince(from) >= time, time + TimeSpan.FromSeconds(45), $"the listener hears {time.TotalSeconds} s more");
    }

    /// <summary>The longest silence until now, and what the page's player complained of.</summary>
    public async Task<TimeSpan> LongestSilence() => TimeSpan.FromMilliseconds(await Page.EvaluateAsync<double>(
        "() => heard.concat(performance.now()).reduce(([longest, before], at) => [Math.max(longest, at - before), at], [0, heard[0]])[0]"));

    public ValueTask DisposeAsync() => browser.DisposeAsync();

    /// <summary>Frames are 10 ms or more: what was heard is at least that.</summary>
    private async Task<TimeSpan> HeardSince(double from) =>
        TimeSpan.FromMilliseconds(10 * await Page.EvaluateAsync<int>("from => heard.filter((at) => at >= from).length", from));
}
