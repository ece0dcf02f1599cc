using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>What tests expect of a visitor.</summary>
internal static class GatewayExpectations
{
    public static async Task<RpcException> Refused(this GatewayClient visitor, string method, object? given = null) =>
        await Assert.ThrowsAsync<RpcException>(() => visitor.Ask(method, given));

    /// <summary>How the gateway ended it: close code, reason code, and whether another try can help.</summary>
    public static async Task<(int Code, string? Why, bool Retryable)> IsClosed(this GatewayClient visitor)
    {
        var end = await visitor.Closed.WaitAsync(WorkerRig.Patience);
        var why = end.Reason.StartsWith('{') ? JsonSerializer.Deserialize<RpcErrorData>(end.Reason, JsonSerializerOptions.Web) : null;
        return (end.Code, why?.Code, why?.Retryable ?? false);
    }

    public static async Task<JsonElement> Hears(this GatewayClient visitor, string method, Func<JsonElement, bool>? such = null)
    {
        await Eventually.True(() => visitor.Heard(method).Any(such ?? (_ => true)), WorkerRig.Patience, $"the client hears {method}");
        return visitor.Heard(method).Last(such ?? (_ => true));
    }

    /// <summary>User ids and what they do, as last told.</summary>
    public static IReadOnlyDictionary<string, string> Members(this GatewayClient visitor) => visitor.Heard("roomStatus") is [.., var last]
        ? last.GetProperty("members").EnumerateArray().ToDictionary(m => m.GetProperty("userId").GetString()!, m => m.GetProperty("status").GetString()!, StringComparer.Ordinal)
        : new Dictionary<string, string>();

    public static Task SeesMembers(this GatewayClient visitor, params (UserId User, string Status)[] members) => Eventually.True(
        () => visitor.Members().OrderBy(m => m.Key, StringComparer.Ordinal).SequenceEqual(
            members.Select(m => KeyValuePair.Create(m.User.Value, m.Status)).OrderBy(m => m.Key, StringComparer.Ordinal)),
        WorkerRig.Patience, $"the client sees {members.Length} members");
}
