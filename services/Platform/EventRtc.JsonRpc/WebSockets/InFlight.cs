namespace EventRtc.JsonRpc.WebSockets;

/// <summary>Counts what is being handled: admits up to a limit, and tells when all is done after the door was shut.</summary>
internal sealed class InFlight(int limit)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;
    private bool shut;

    /// <summary>Completes when the door is shut and everything admitted has left.</summary>
    public Task WhenEmpty => empty.Task;

    public bool TryEnter()
    {
        lock (gate)
        {
            if (shut || count == limit)
                return false;
            count++;
            return true;
        }
    }

    public void Leave(int admitted)
    {
        lock (gate)
        {
            count -= admitted;
            CompleteWhenEmpty();
        }
    }

    public void Shut()
    {
        lock (gate)
        {
            shut = true;
            CompleteWhenEmpty();
        }
    }

    private void CompleteWhenEmpty()
    {
        if (shut && count == 0)
            empty.TrySetResult();
    }
}
