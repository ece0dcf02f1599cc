namespace EventRtc.Etcd;

/// <summary>The cluster's members, one of them in use.</summary>
internal sealed class Endpoints
{
    private readonly Uri[] all;
    private int current;

    /// <exception cref="ArgumentException">There is none, or one is malformed.</exception>
    public Endpoints(IEnumerable<string> addresses)
    {
        all = [.. addresses.Select(address => Parse(address) ?? throw new ArgumentException($"'{address}' is no etcd endpoint.", nameof(addresses)))];
        if (all.Length == 0)
            throw new ArgumentException("At least one etcd endpoint is needed.", nameof(addresses));
    }

    public int Count => all.Length;

    public Uri Current => all[Volatile.Read(ref current)];

    /// <summary>Moves on to the next member, unless another call already left this one. True when it moved.</summary>
    public bool Leave(Uri failed)
    {
        var at = Volatile.Read(ref current);
        return all.Length > 1 && all[at] == failed && Interlocked.CompareExchange(ref current, (at + 1) % all.Length, at) == at;
    }

    /// <returns>Null when it is none of host:port, http://host:port and https://host:port.</returns>
    internal static Uri? Parse(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", PathAndQuery: "/", Host.Length: > 0 }
            ? uri
            : null;
}
