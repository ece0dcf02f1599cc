using EventRtc.Etcd.Wire;
using Google.Protobuf;

namespace EventRtc.Etcd.Grpc;

/// <summary>One gRPC method: its path, the shape of its replies, and whether it changes anything.</summary>
internal sealed record Method<TReply>(string Path, MessageParser<TReply> Replies, bool Changes) where TReply : class, IMessage<TReply>;

/// <summary>The methods of etcd that this project calls.</summary>
internal static class Methods
{
    public static readonly Method<RangeResponse> Range = new("/etcdserverpb.KV/Range", RangeResponse.Parser, Changes: false);
    public static readonly Method<PutResponse> Put = new("/etcdserverpb.KV/Put", PutResponse.Parser, Changes: true);
    public static readonly Method<DeleteRangeResponse> Delete = new("/etcdserverpb.KV/DeleteRange", DeleteRangeResponse.Parser, Changes: true);
    public static readonly Method<TxnResponse> Txn = new("/etcdserverpb.KV/Txn", TxnResponse.Parser, Changes: true);
    public static readonly Method<CompactionResponse> Compact = new("/etcdserverpb.KV/Compact", CompactionResponse.Parser, Changes: true);
    public static readonly Method<LeaseGrantResponse> GrantLease = new("/etcdserverpb.Lease/LeaseGrant", LeaseGrantResponse.Parser, Changes: true);
    public static readonly Method<LeaseRevokeResponse> RevokeLease = new("/etcdserverpb.Lease/LeaseRevoke", LeaseRevokeResponse.Parser, Changes: true);
    public static readonly Method<LeaseKeepAliveResponse> KeepAlive = new("/etcdserverpb.Lease/LeaseKeepAlive", LeaseKeepAliveResponse.Parser, Changes: true);
    public static readonly Method<LeaseTimeToLiveResponse> TimeToLive = new("/etcdserverpb.Lease/LeaseTimeToLive", LeaseTimeToLiveResponse.Parser, Changes: false);
    public static readonly Method<WatchResponse> Watch = new("/etcdserverpb.Watch/Watch", WatchResponse.Parser, Changes: false);
    public static readonly Method<AuthenticateResponse> Authenticate = new("/etcdserverpb.Auth/Authenticate", AuthenticateResponse.Parser, Changes: false);
    public static readonly Method<StatusResponse> Status = new("/etcdserverpb.Maintenance/Status", StatusResponse.Parser, Changes: false);
    public static readonly Method<AlarmResponse> Alarms = new("/etcdserverpb.Maintenance/Alarm", AlarmResponse.Parser, Changes: false); // asks only: the action GET
}
