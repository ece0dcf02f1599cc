using EventRtc.Local;
using Microsoft.Playwright;

namespace EventRtc.EndToEnd.Tests;

/// <summary>An anchor at the studio page.</summary>
internal sealed class Studio(Browser browser) : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    /// <summary>Opens the real page, fills it in as a person does, and waits until it says that it is connected.</summary>
    public static async Task<Studio> GoOnAir(Uri web, string room, string microphone, string name)
    {
        var studio = new Studio(await Browser.Start(microphone));
        await studio.Enter(web, room, name);
        return studio;
    }

    public Task WaitUntilConnected() => Eventually.True(
        async () => await Attribute("state", "data-state") == "connected", Within, "the studio is connected");

    /// <summary>1 kHz against 700 Hz in what this anchor hears of the others.</summary>
    public Task<double> HeardToneRatio() =>
        browser.Page.EvaluateAsync<double>("() => eventrtc.remote.amplitudeAt(1000) / Math.max(eventrtc.remote.amplitudeAt(700), 1e-9)");

    public Task<int> Members() => browser.Page.GetByTestId("member").CountAsync();

    public ValueTask DisposeAsync() => browser.DisposeAsync();

    private async Task Enter(Uri web, string room, string name)
    {
        await browser.Page.GotoAsync($"{web}studio/?room={room}");
        await browser.Page.GetByTestId("pin").FillAsync(RoomApi.Pin);
        await browser.Page.GetByTestId("name").FillAsync(name);
        await browser.Page.GetByTestId("original-sound").CheckAsync(); // no noise suppression: it takes a steady tone for noise
        await browser.Page.GetByTestId("go-on-air").ClickAsync();
        await WaitUntilConnected();
    }

    private Task<string?> Attribute(string testId, string attribute) =>
        browser.Page.GetByTestId(testId).GetAttributeAsync(attribute, new LocatorGetAttributeOptions { Timeout = 1000 });
}
