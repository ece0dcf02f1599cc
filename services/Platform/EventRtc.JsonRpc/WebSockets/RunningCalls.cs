using System.Collections.Concurrent;
using System.Text.Json;

namespace EventRtc.JsonRpc.WebSockets;

/// <summary>
/// Requests of the other side that are being handled, each of which it can take back with the notification <c>$/cancelRequest {id}</c>, as in the Language Server
/// Protocol: JSON-RPC itself has no word for it. A request taken back is answered -32800, unless it was done already.
/// </summary>
internal sealed class RunningCalls
{
    public const string CancelMethod = "$/cancelRequest";

    private readonly ConcurrentDictionary<RpcId, CancellationTokenSource> running = new();

    /// <param name="handle">Handles the call until its token is cancelled.</param>
    /// <param name="ended">The connection has ended: there is nobody left to answer, and the exception goes on.</param>
    public async Task<byte[]?> Run(RpcMessage.Call call, Func<CancellationToken, Task<byte[]?>> handle, CancellationToken ended)
    {
        if (call.Id is not { } id)
            return await handle(ended);
        using var taken = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var known = running.TryAdd(id, taken); // an id that is under way twice stands for the first
        try
        {
            return await handle(taken.Token);
        }
        catch (OperationCanceledException) when (taken.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            return RpcEncoder.Error(id, RpcFaults.Cancelled());
        }
        finally
        {
            if (known)
                running.TryRemove(KeyValuePair.Create(id, taken));
        }
    }

    public void Cancel(RpcMessage.Call message)
    {
        if (message.Params is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("id", out var id) && RpcId.TryRead(id, out var called) && running.TryGetValue(called, out var taken))
            Cancel(taken);
    }

    private static void Cancel(CancellationTokenSource taken)
    {
        try
        {
            taken.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was done in this moment.
        }
    }
}

/// <summary>The parameters of <c>$/cancelRequest</c>.</summary>
internal sealed record CancelNotice(long Id);
