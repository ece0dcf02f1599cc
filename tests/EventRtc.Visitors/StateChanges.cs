using EventRtc.Local;
using Microsoft.Playwright;

namespace EventRtc.Visitors;

/// <summary>What a studio says of its connection, from <see cref="Begin"/> on.</summary>
public sealed class StateChanges
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
    /// <exception cref="InvalidOperationException">It was something else as well.</exception>
    public async Task<DateTimeOffset> Resumed()
    {
        await Eventually.True(async () => await Entered() is [.., "connected"], TimeSpan.FromSeconds(20), "the studio is connected again");
        await Demand("resuming", "connected");
        return DateTimeOffset.FromUnixTimeMilliseconds((long)await page.EvaluateAsync<double>("() => changes.at(-1).at"));
    }

    /// <exception cref="InvalidOperationException">Something has changed.</exception>
    public Task Unchanged() => Demand();

    /// <summary>The states that were entered, oldest first.</summary>
    public Task<string[]> Entered() => page.EvaluateAsync<string[]>("() => changes.map(({ state }) => state)");

    private async Task Demand(params string[] states)
    {
        var entered = await Entered();
        if (!entered.SequenceEqual(states))
            throw new InvalidOperationException($"The studio was {string.Join(", ", entered)} instead of {string.Join(", ", states)}");
    }
}
