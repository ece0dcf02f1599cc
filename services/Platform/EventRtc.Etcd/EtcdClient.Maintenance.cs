using EventRtc.Etcd.Grpc;
using EventRtc.Etcd.Wire;

namespace EventRtc.Etcd;

/// <summary>What a member says of itself, for operators.</summary>
/// <param name="Version">As in <c>3.4.23</c>.</param>
/// <param name="HasLeader">It follows a leader, or leads: without one it refuses reads and writes.</param>
/// <param name="DatabaseSize">Bytes on its disk.</param>
/// <param name="InUse">Bytes of them that hold something; a defragmentation gives the rest back.</param>
/// <param name="Errors">What it knows to be wrong, in its own words.</param>
public sealed record EtcdStatus(string Version, bool HasLeader, long DatabaseSize, long InUse, IReadOnlyList<string> Errors);

public sealed partial class EtcdClient
{
    /// <summary>How the member in use is; a client of one endpoint asks that one.</summary>
    public async Task<EtcdStatus> Status(CancellationToken ct = default)
    {
        var reply = await calls.Unary(Methods.Status, new StatusRequest(), ct);
        return new EtcdStatus(reply.Version, reply.Leader != 0, reply.DbSize, reply.DbSizeInUse, [.. reply.Errors]);
    }

    /// <summary>The alarms of all members by their names: NOSPACE, CORRUPT. While there is one, etcd refuses what needs space, or everything.</summary>
    public async Task<IReadOnlyList<string>> Alarms(CancellationToken ct = default)
    {
        var reply = await calls.Unary(Methods.Alarms, new AlarmRequest(), ct);
        return [.. reply.Alarms.Select(alarm => alarm.Alarm.ToString().ToUpperInvariant()).Distinct()];
    }
}
