namespace EventRtc.Etcd.Grpc;

/// <summary>What an exception of the HTTP stack says about the call.</summary>
internal static class Faults
{
    /// <summary>False for what is no fault of the call: its caller gave up, or there is a bug.</summary>
    /// <param name="caller">The caller's own token, without the call's deadline.</param>
    public static bool Are(Exception e, CancellationToken caller) => e switch
    {
        OperationCanceledException => !caller.IsCancellationRequested,
        EtcdException or HttpRequestException or IOException or InvalidDataException => true,
        _ => false,
    };

    /// <param name="mayHaveExecuted">The call changes something and was handed to the HTTP stack.</param>
    public static EtcdException Explain(Exception e, Uri endpoint, bool mayHaveExecuted) => e switch
    {
        OperationCanceledException { InnerException: TimeoutException } => NotSent(endpoint, e),
        OperationCanceledException => new(StatusCode.DeadlineExceeded, $"etcd at {endpoint.Authority} did not answer in time.", mayHaveExecuted, e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            NotSent(endpoint, e),
        _ => new(StatusCode.Unavailable, $"The connection to etcd at {endpoint.Authority} broke: {e.Message}", mayHaveExecuted, e),
    };

    private static EtcdException NotSent(Uri endpoint, Exception e) =>
        new(StatusCode.Unavailable, $"etcd at {endpoint.Authority} cannot be reached: {e.Message}", mayHaveExecuted: false, e);
}
