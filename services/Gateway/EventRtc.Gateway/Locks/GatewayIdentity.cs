using System.Security.Cryptography;

namespace EventRtc.Gateway.Locks;

/// <summary>This process among all gateways there are and were: a restarted one is another, so that its predecessor's locks are seen to be nobody's.</summary>
public sealed class GatewayIdentity(GatewayOptions options)
{
    /// <summary>A key per gateway (<c>rtcus:s:{gateway}</c>) that lives as long as the gateway shows signs of life.</summary>
    public const string AlivePrefix = "rtcus:s:";

    /// <summary>GATEWAY_ID, and four random bytes in hexadecimal. Without a colon.</summary>
    public string Name { get; } = $"{options.Id}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    public string AliveKey => AlivePrefix + Name;
}
