using EventRtc.Local;
using Microsoft.Playwright;

namespace EventRtc.Visitors;

/// <summary>An anchor at the studio page.</summary>
public sealed class Studio(Browser browser) : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    public IPage Page => browser.Page;

    /// <summary>Opens the real page, fills it in as a person does, and waits until it says that it is connected.</summary>
    /// <param name="token">Of the seat that the link brings along; without one the page asks for a seat.</param>
    public static async Task<Studio> GoOnAir(Uri web, string room, string microphone, string name, string pin = RoomApi.Pin, string? token = null)
    {
        var studio = new Studio(await Browser.Start(microphone));
        await studio.Page.GotoAsync($"{web}studio/?room={room}{(token is null ? "" : $"#token={token}")}");
        await studio.Element("pin").FillAsync(pin);
        await studio.Enter(name);
        return studio;
    }

    /// <summary>Opens a room with the page's own button, which makes this anchor its host, and goes on air there.</summary>
    public static async Task<(Studio Studio, string Room, string Pin)> Host(Uri web, string microphone, string name)
    {
        var studio = new Studio(await Browser.Start(microphone));
        await studio.Page.GotoAsync($"{web}studio/");
        await studio.Element("create-room").ClickAsync();
        await Eventually.True(async () => await studio.Element("pin").InputValueAsync() is not "", Within, "the room is open");
        var (room, pin) = (await studio.Element("room").InputValueAsync(), await studio.Element("pin").InputValueAsync());
        await studio.Enter(name);
        return (studio, room, pin);
    }

    /// <summary>Loads the page again and goes on air with what it has kept.</summary>
    public async Task Reload()
    {
        await Page.ReloadAsync();
        await Enter();
    }

    public Task WaitUntilConnected() => Eventually.True(async () => await IsConnected(), Within, "the studio is connected");

    public async Task<bool> IsConnected() => await Attribute(Element("state"), "data-state") == "connected";

    /// <summary>1 kHz against 700 Hz in what this anchor hears of the others.</summary>
    public Task<double> HeardToneRatio() =>
        Page.EvaluateAsync<double>("() => eventrtc.remote.amplitudeAt(1000) / Math.max(eventrtc.remote.amplitudeAt(700), 1e-9)");

    public async Task<bool> HearsTone() => await HeardToneRatio() >= Listener.Distinct;

    /// <summary>What it hears of 1 kHz is next to nothing; the tone itself has 0.06.</summary>
    public async Task<bool> HearsNoTone() => await Page.EvaluateAsync<double>("() => eventrtc.remote.amplitudeAt(1000)") < 0.001;

    /// <summary>How many peer connections the page has made.</summary>
    public Task<int> Sessions() => Page.EvaluateAsync<int>("() => eventrtc.sessions");

    public Task<string> UserId(string room) => Page.EvaluateAsync<string>("room => JSON.parse(sessionStorage.getItem(`eventrtc:seat:${room}`)).userID", room);

    /// <summary>Ends the WebSocket as a lost network would.</summary>
    public Task DropSocket() => Page.EvaluateAsync("() => eventrtc.dropSocket()");

    /// <summary>Keeps its microphone silent for so long, by the page's own clock.</summary>
    public Task FallSilent(TimeSpan time) => Page.EvaluateAsync(
        "ms => { const [track] = eventrtc.localStream.getAudioTracks(); track.enabled = false; setTimeout(() => (track.enabled = true), ms); }", time.TotalMilliseconds);

    public Task<int> Members() => Element("member").CountAsync();

    /// <summary>What this page shows of a member: <c>data-talking</c> and such.</summary>
    public Task<string?> Shows(string userId, string attribute) => Attribute(Member(userId), attribute);

    /// <summary>Clicks a button: of the page, or of one member.</summary>
    public Task Click(string testId, string? userId = null) => (userId is null ? Element(testId) : Member(userId).GetByTestId(testId)).ClickAsync();

    /// <summary>Whether a notice is there, and has these words.</summary>
    public async Task<bool> Says(string testId, string words) => (await Element(testId).AllInnerTextsAsync()).Any(text => text.Contains(words, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => browser.DisposeAsync();

    private async Task Enter(string? name = null)
    {
        if (name is not null)
            await Element("name").FillAsync(name);
        await Element("original-sound").CheckAsync(); // no noise suppression: it takes a steady tone for noise
        await Element("go-on-air").ClickAsync();
        await WaitUntilConnected();
    }

    private ILocator Element(string testId) => Page.GetByTestId(testId);

    private ILocator Member(string userId) => Page.Locator($"[data-testid=member][data-user-id='{userId}']");

    private static Task<string?> Attribute(ILocator element, string attribute) =>
        element.GetAttributeAsync(attribute, new LocatorGetAttributeOptions { Timeout = 1000 });
}
