namespace EventRtc.Etcd.Grpc;

/// <summary>How long a call may last, and who may end it before: its caller, and the client when it is disposed.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationToken caller;
    private readonly CancellationToken client;
    private readonly TimeSpan timeout;
    private readonly long started = TimeProvider.System.GetTimestamp();

    public CallLimit(TimeSpan timeout, CancellationToken client, CancellationToken caller)
    {
        this.timeout = timeout;
        this.client = client;
        this.caller = caller;
        source = CancellationTokenSource.CreateLinkedTokenSource(caller, client);
        source.CancelAfter(timeout);
    }

    public CancellationToken Token => source.Token;

    public TimeSpan Left => timeout - TimeProvider.System.GetElapsedTime(started);

    public bool EndedByCaller => caller.IsCancellationRequested;

    public bool EndedByClient => client.IsCancellationRequested;

    /// <summary>A stream was opened in time and may last for ever; caller and client can still end it.</summary>
    public void Lift() => source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => source.Dispose();
}
