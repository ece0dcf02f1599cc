using Microsoft.Playwright;

namespace EventRtc.Visitors;

/// <summary>A headless Chromium whose microphone plays a file.</summary>
public sealed class Browser(IPlaywright driver, IBrowser chromium, IPage page) : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
        "--allow-loopback-in-peer-connection",
    ];

    /// <summary>For what a page does not show of its connections: <c>peers</c>, the newest one last.</summary>
    private const string RememberPeers =
        "{ const Peer = RTCPeerConnection; window.peers = []; window.RTCPeerConnection = class extends Peer { constructor(...all) { super(...all); peers.push(this); } }; }";

    public IPage Page { get; } = page;

    public static async Task<Browser> Start(string microphone)
    {
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = [.. Flags, $"--use-file-for-fake-audio-capture={microphone}"],
        });
        var opened = await browser.NewPageAsync();
        opened.SetDefaultTimeout(20_000);
        await opened.AddInitScriptAsync(RememberPeers);
        return new Browser(driver, browser, opened);
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        driver.Dispose();
    }
}
