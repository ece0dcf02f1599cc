using EventRtc.Local;

namespace EventRtc.Visitors;

/// <summary>A listener at the listen page.</summary>
public sealed class ListenPage(Browser browser) : IAsyncDisposable
{
    public static async Task<ListenPage> Play(Uri web, string room, string microphone)
    {
        var listen = new ListenPage(await Browser.Start(microphone));
        await listen.Open(web, room);
        return listen;
    }

    /// <summary>Waits until the player has played on by so much.</summary>
    public async Task PlaysOn(double seconds)
    {
        await Eventually.True(async () => await CurrentTime() > 0, TimeSpan.FromSeconds(20), "the player plays");
        var from = await CurrentTime();
        await Eventually.True(async () => await CurrentTime() >= from + seconds, TimeSpan.FromSeconds(seconds + 10), $"the player goes on for {seconds} s");
    }

    public async Task<bool> SaysLive() => await browser.Page.GetByTestId("live").GetAttributeAsync("data-live") == "true";

    public ValueTask DisposeAsync() => browser.DisposeAsync();

    private async Task Open(Uri web, string room)
    {
        await browser.Page.GotoAsync($"{web}listen/?room={room}");
        await browser.Page.GetByTestId("play").ClickAsync();
    }

    private Task<double> CurrentTime() => browser.Page.GetByTestId("audio").EvaluateAsync<double>("audio => audio.currentTime");
}
