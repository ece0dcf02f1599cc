using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace EventRtc.Gateway;

/// <summary>One IP address, or all of a network: <c>127.0.0.1</c>, <c>10.0.0.0/8</c>.</summary>
public sealed record AddressRange(System.Net.IPNetwork Network) : IParsable<AddressRange>
{
    private const int BitsOfByte = 8;

    public static AddressRange Of(IPAddress address) => new(new System.Net.IPNetwork(address, address.GetAddressBytes().Length * BitsOfByte));

    public static AddressRange Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var range) ? range : throw new FormatException("an address range is an IP address or a network such as 10.0.0.0/8");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out AddressRange result)
    {
        result = IPAddress.TryParse(s, out var address) ? Of(address) : System.Net.IPNetwork.TryParse(s, out var network) ? new AddressRange(network) : null;
        return result is not null;
    }

    public override string ToString() => Of(Network.BaseAddress) == this ? $"{Network.BaseAddress}" : $"{Network}";
}
