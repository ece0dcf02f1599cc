using EventRtc.Local;
using Microsoft.Playwright;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What a studio says of its connection, from <see cref="Begin"/> on.</summary>
internal sealed class StateChanges
{
    private const string Watch = """
        () => {
          window.watching?.disconnect();
          window.changes = [];
          const state = document.querySelector('[data-testid=state]');
          window.watching = new MutationObserver(() => changes.push({ state: state.dataset.state, at: Date.now() }));
          watching.observe(state, { attributeFilter: ['data-state'] });
        }
        """;

    private readonly IPage page;

    private StateChanges(IPage page) => this.page = page;

    public static async Task<StateChanges> Begin(IPage page)
    {
        await page.EvaluateAsync(Watch);
        return new StateChanges(page);
    }

    /// <summary>Waits until it was resuming and is connected again, with nothing else in between.</summary>
    /// <returns>When it was connected again.</returns>
    public async Task<DateTimeOffset> Resumed()
    {
        await Eventually.True(async () => await Entered() is [.., "connected"], TimeSpan.FromSeconds(20), "the studio is connected again");
        Assert.Equal(["resuming", "connected"], await Entered());
        return DateTimeOffset.FromUnixTimeMilliseconds((long)await page.EvaluateAsync<double>("() => changes.at(-1).at"));
    }

    /// <summary>The states that were entered, oldest first.</summary>
    public Task<string[]> Entered() => page.EvaluateAsync<string[]>("() => changes.map(({ state }) => state)");
}
