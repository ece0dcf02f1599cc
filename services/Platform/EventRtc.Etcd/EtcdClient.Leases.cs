using EventRtc.Etcd.Grpc;
using EventRtc.Etcd.Wire;

namespace EventRtc.Etcd;

public sealed partial class EtcdClient
{
    /// <summary>Asks for a lease: keys put under it are deleted when it runs out or is revoked. Returns its id.</summary>
    /// <param name="ttl">At least one second, rounded up to whole ones; etcd adds about a second until it looks, and more when it restarts meanwhile.</param>
    public async Task<long> GrantLease(TimeSpan ttl, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ttl, TimeSpan.FromSeconds(1));
        return (await calls.Unary(Methods.GrantLease, new LeaseGrantRequest { TTL = (long)Math.Ceiling(ttl.TotalSeconds) }, ct)).ID;
    }

    /// <summary>Renews the lease for its full time. False when it has run out or never was.</summary>
    public async Task<bool> KeepAlive(long lease, CancellationToken ct = default) =>
        // A stream by its protocol; one request, then the end of our side, makes etcd answer once and end its own.
        (await calls.Unary(Methods.KeepAlive, new LeaseKeepAliveRequest { ID = lease }, ct)).TTL > 0;

    /// <summary>How long the lease lasts when nobody renews it, in whole seconds; null when it has run out or never was.</summary>
    public async Task<TimeSpan?> TimeToLive(long lease, CancellationToken ct = default) =>
        (await calls.Unary(Methods.TimeToLive, new LeaseTimeToLiveRequest { ID = lease }, ct)).TTL is >= 0 and var left ? TimeSpan.FromSeconds(left) : null;

    /// <summary>Ends the lease and deletes its keys. False when it has run out before or never was.</summary>
    public async Task<bool> RevokeLease(long lease, CancellationToken ct = default)
    {
        try
        {
            await calls.Unary(Methods.RevokeLease, new LeaseRevokeRequest { ID = lease }, ct);
            return true;
        }
        catch (EtcdException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return false;
        }
    }
}
