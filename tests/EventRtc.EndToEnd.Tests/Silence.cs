using EventRtc.Local;
using EventRtc.Visitors;
using Microsoft.Playwright;

namespace EventRtc.EndToEnd.Tests;

/// <summary>
/// How long a studio's page hears nothing of the others' tone from <see cref="Begin"/> on, through whatever peer connections it makes meanwhile. Looked at every 20 ms, by the page's own meter.
/// </summary>
internal sealed class Silence
{
    private const string Watch = """
        () => {
          window.silence = { times: [], since: undefined };
          setInterval(() => {
            const heard = (eventrtc.remote?.amplitudeAt(1000) ?? 0) > 0.01, now = performance.now();
            if (!heard) silence.since ??= now;
            else if (silence.since !== undefined) { silence.times.push(now - silence.since); silence.since = undefined; }
          }, 20);
        }
        """;

    private readonly IPage page;

    private Silence(IPage page) => this.page = page;

    /// <summary>The page hears the tone now.</summary>
    public static async Task<Silence> Begin(Studio studio)
    {
        await studio.Page.EvaluateAsync(Watch);
        return new Silence(studio.Page);
    }

    /// <summary>Waits until the page has heard nothing for a while and hears the tone again.</summary>
    /// <returns>How long it heard nothing.</returns>
    public async Task<TimeSpan> Ends(TimeSpan within)
    {
        await Eventually.True(() => page.EvaluateAsync<bool>("() => silence.times.length > 0 && silence.since === undefined"), within, "the tone is heard again");
        return TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>("() => Math.max(...silence.times)"));
    }

    /// <summary>Waits until the page hears the tone.</summary>
    /// <returns>How long it heard nothing at most; zero when it has heard the tone all the time.</returns>
    public async Task<TimeSpan> Longest(TimeSpan within)
    {
        await Eventually.True(() => page.EvaluateAsync<bool>("() => silence.since === undefined"), within, "the tone is heard");
        return TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>("() => Math.max(0, ...silence.times)"));
    }

    /// <summary>The page has heard the tone all the time.</summary>
    public Task<bool> HasNotBegun() => page.EvaluateAsync<bool>("() => silence.times.length === 0 && silence.since === undefined");
}
