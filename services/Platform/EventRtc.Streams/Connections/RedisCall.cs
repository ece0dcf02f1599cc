namespace EventRtc.Streams.Connections;

/// <summary>One command that waits for its answer. Continuations never run on the connection's own loops, where one that blocks would stall all callers.</summary>
/// <param name="deadline">Timestamp at which the caller stops waiting. The call keeps its place in the queue: the answer may still come.</param>
internal sealed class RedisCall(long deadline) : TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Deadline { get; } = deadline;

    public void Complete(RedisResult answer)
    {
        if (answer.Error is { } error)
            Fail(error);
        else
            TrySetResult(answer);
    }

    public void Fail(Exception why)
    {
        if (TrySetException(why))
            _ = Task.Exception;   // marks it as seen: the caller may be gone, and that is no error
    }
}
