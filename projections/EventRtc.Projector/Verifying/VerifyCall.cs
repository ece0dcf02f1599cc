namespace EventRtc.Projector;

/// <summary>The verification that is asked for over HTTP: it lasts as long as the log is, so there is one at a time, and it ends with the call that wants it.</summary>
public sealed class VerifyCall(Verify verify)
{
    private int running;

    /// <returns>Null when one runs already.</returns>
    /// <inheritdoc cref="Verify.Run"/>
    public async Task<VerifyReport?> Run(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref running, 1) == 1)
            return null;
        try
        {
            return await verify.Run(ct: ct);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }
}
