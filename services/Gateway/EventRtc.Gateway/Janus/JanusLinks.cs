namespace EventRtc.Gateway.Janus;

/// <summary>The links to all Januses in use, each opened when it is first needed and again after it was lost.</summary>
public sealed class JanusLinks(GatewayOptions options, ILogger<JanusLink> log, TimeProvider clock) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uri, Task<JanusLink>> links = [];

    /// <inheritdoc cref="JanusLink.Open"/>
    public async Task<JanusLink> To(Uri address, CancellationToken ct)
    {
        Task<JanusLink>? link;
        lock (gate)
        {
            if (!links.TryGetValue(address, out link) || link.IsFaulted || link is { IsCompletedSuccessfully: true, Result.IsOpen: false })
                using (ExecutionContext.SuppressFlow()) // it outlives the visitor who happens to be first: his ids and trace are not its own
                    links[address] = link = Task.Run(() => JanusLink.Open(address, options, log, clock), CancellationToken.None);
        }
        return await link.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in links.Values.Where(link => link.IsCompletedSuccessfully))
            await link.Result.DisposeAsync();
    }
}
