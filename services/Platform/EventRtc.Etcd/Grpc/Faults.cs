namespace EventRtc.Etcd.Grpc;

/// <summary>What an exception of the HTTP stack says about the call.</summary>
internal static class Faults
{
    /// <summary>False for what is no fault of the call: its caller gave up, or there is a bug.</summary>
    public static bool Are(Exception e, CallLimit limit) => e switch
    {
        OperationCanceledException => !limit.EndedByCaller,
        EtcdException or HttpRequestException or IOException or InvalidDataException => true,
        _ => false,
    };

    /// <param name="mayHaveExecuted">The call changes something and was handed to the HTTP stack.</param>
    public static EtcdException Explain(Exception e, Uri endpoint, CallLimit limit, bool mayHaveExecuted) => e switch
    {
        EtcdException known => known,
        _ when limit.EndedByClient => new(StatusCode.Cancelled, "The etcd client was disposed.", mayHaveExecuted, e),
        OperationCanceledException { InnerException: TimeoutException } => NotSent(endpoint, e),
        OperationCanceledException => new(StatusCode.DeadlineExceeded, $"etcd at {endpoint.Authority} did not answer in time.", mayHaveExecuted, e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            NotSent(endpoint, e),
        _ => new(StatusCode.Unavailable, $"The connection to etcd at {endpoint.Authority} broke: {e.Message}", mayHaveExecuted, e),
    };

    private static EtcdException NotSent(Uri endpoint, Exception e) =>
        new(StatusCode.Unavailable, $"etcd at {endpoint.Authority} cannot be reached: {e.Message}", mayHaveExecuted: false, e);
}
