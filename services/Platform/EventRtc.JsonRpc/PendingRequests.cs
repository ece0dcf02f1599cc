using System.Collections.Concurrent;
using System.Text.Json;

namespace EventRtc.JsonRpc;

/// <summary>Requests of ours that wait for their answer.</summary>
internal sealed class PendingRequests(TimeProvider clock)
{
    private readonly ConcurrentDictionary<RpcId, TaskCompletionSource<RpcMessage.Answer>> waiting = new();

    /// <summary>Registers the request before it is sent, so that the quickest answer finds it.</summary>
    /// <exception cref="RpcException">The other side answered with an error.</exception>
    /// <exception cref="TimeoutException">No answer in time; the request may have been executed.</exception>
    public async Task<T> Ask<T>(RpcId id, Func<CancellationToken, Task> send, TimeSpan timeout, JsonSerializerOptions json, CancellationToken ct)
    {
        var answered = new TaskCompletionSource<RpcMessage.Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answered;
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var sent = send(givenUp.Token);
            var answer = await FirstOf(sent, answered.Task).WaitAsync(timeout, clock, ct);
            return answer.Error is { } refused ? throw refused : answer.Result.Deserialize<T>(json)!;
        }
        finally
        {
            waiting.TryRemove(id, out _);
            await givenUp.CancelAsync();
        }
    }

    /// <summary>False when nobody waits for it: it came late, or twice.</summary>
    public bool Complete(RpcMessage.Answer answer) => waiting.TryGetValue(answer.Id, out var answered) && answered.TrySetResult(answer);

    public void FailAll(Exception why)
    {
        foreach (var answered in waiting.Values)
            answered.TrySetException(why);
    }

    /// <summary>A failed send ends the wait; a successful one only begins it, and the answer may overtake it.</summary>
    private static async Task<RpcMessage.Answer> FirstOf(Task sent, Task<RpcMessage.Answer> answered)
    {
        if (await Task.WhenAny(sent, answered) == sent)
            await sent;
        return await answered;
    }
}
