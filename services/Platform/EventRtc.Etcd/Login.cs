namespace EventRtc.Etcd;

/// <summary>
/// The token of the user that the client logs in as, fetched once for all calls that wait for it. etcd forgets tokens (after five idle minutes, when it restarts,
/// when roles change); a call that is refused for it forgets the token here and tries again.
/// </summary>
internal sealed class Login(bool needed, Func<Uri, Task<string>> authenticate)
{
    private readonly Lock gate = new();
    private Task<string>? current;

    /// <summary>Null when etcd runs without authentication.</summary>
    public async ValueTask<string?> Token(Uri endpoint, CancellationToken ct)
    {
        if (!needed)
            return null;
        Task<string> token;
        lock (gate)
            token = current is { IsFaulted: false, IsCanceled: false } ? current : current = authenticate(endpoint);
        return await token.WaitAsync(ct);
    }

    public void Forget(string token)
    {
        lock (gate)
        {
            if (current is { IsCompletedSuccessfully: true } known && known.Result == token)
                current = null;
        }
    }

    /// <summary>True when the refusal speaks about the token and not about what the user may do.</summary>
    public static bool RefusesToken(EtcdException refusal) =>
        refusal.StatusCode is StatusCode.Unauthenticated
        || refusal.Message.Contains("revision of auth store is old", StringComparison.Ordinal)
        || refusal.Message.Contains("revision in header is old", StringComparison.Ordinal);
}
