using Xunit;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>The specification's examples over a WebSocket, as a client writes them.</summary>
public sealed class SpecificationOverWebSocketTests : SpecificationExamples, IAsyncLifetime
{
    private const string Probe = "probe";

    private WebSocketEndpoint server = null!;
    private RawClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await WebSocketEndpoint.Start(SpecificationMethods.Create());
        client = await RawClient.Connect(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>The examples' methods answer at once, so what is not answered before the next frame never is.</summary>
    protected override async Task<string?> Ask(string request)
    {
        await client.Send(request);
        await client.Send($$"""{"jsonrpc":"2.0","method":"{{Probe}}","id":"{{Probe}}"}""");
        var answers = new List<string>();
        while (await client.Receive() is { } answer && !answer.GetRawText().Contains(Probe, StringComparison.Ordinal))
            answers.Add(answer.GetRawText());
        return answers.Count == 0 ? null : Assert.Single(answers);
    }
}
