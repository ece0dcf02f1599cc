using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventRtc.Streams;

namespace EventRtc.JsonRpc.Redis;

/// <summary>One entry of a request stream.</summary>
/// <param name="Name">What the caller named the request, if it did.</param>
/// <param name="Expires">From then on nobody waits for the answer.</param>
internal sealed record RedisRpcRequest(string EntryId, string Caller, Guid? Name, RpcFrame Frame, DateTimeOffset Expires, string? Trace, string? Actor, string? Correlation)
{
    /// <summary>Null when the entry is not one of ours.</summary>
    public static RedisRpcRequest? Read(StreamEntry entry)
    {
        ReadOnlyMemory<byte> body = entry[RpcKeys.Body];
        string? caller = entry[RpcKeys.Caller];
        return !body.IsEmpty && caller is not null && long.TryParse(entry[RpcKeys.TimeToLive], NumberStyles.None, null, out var lives)
            ? new(
                entry.Id, caller, Guid.TryParse(entry[RpcKeys.Name], out var name) ? name : null, RpcFrame.Parse(body.Span), Time(entry.Id).AddMilliseconds(Math.Min(lives, int.MaxValue)),
                entry[RpcKeys.Trace], entry[RpcKeys.Actor], entry[RpcKeys.Correlation])
            : null;
    }

    /// <summary>Who asks. Without a name the request id follows from the caller and the id it chose: a request that was sent or delivered again has the same.</summary>
    public RpcContext ContextOf(RpcMessage.Call call) => new(Caller, Name ?? IdOf($"{Caller} {call.Id?.Json ?? EntryId}"), Actor: Actor) { Correlation = Correlation };

    /// <summary>For lines about the request that are not of its handling; null when it is no call, or several.</summary>
    public RpcCallIds? Ids => Frame.Messages is [RpcMessage.Call call] ? new(ContextOf(call)) { Trace = Trace } : null;

    private static Guid IdOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16), bigEndian: true);

    /// <summary>An entry's id begins with Redis's clock.</summary>
    public static DateTimeOffset Time(string entryId) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(entryId.AsSpan(0, entryId.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None));
}
