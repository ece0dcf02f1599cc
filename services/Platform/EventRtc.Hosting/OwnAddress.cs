using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EventRtc.Hosting;

/// <summary>Where others reach this machine: an IP address, or <c>auto</c> for the one that it turns out to have, as in a container, whose address nobody knows before.</summary>
public sealed record OwnAddress(IPAddress Ip) : IParsable<OwnAddress>
{
    private const string Auto = "auto";

    public static OwnAddress Loopback { get; } = new(IPAddress.Loopback);

    public static implicit operator IPAddress(OwnAddress own) => own.Ip;

    public static OwnAddress Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var own) ? own : throw new FormatException("an own address is an IP address of this machine or auto");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out OwnAddress result)
    {
        var ip = s == Auto ? Choose(Candidates()) : IPAddress.TryParse(s, out var given) ? given : null;
        result = ip is null ? null : new OwnAddress(ip);
        return ip is not null;
    }

    /// <returns>Why nobody can listen there: it is not this machine's. Null when one can.</returns>
    public string? Fault()
    {
        try
        {
            using var probe = new Socket(Ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(Ip, 0));
            return null;
        }
        catch (SocketException fault)
        {
            return fault.Message;
        }
    }

    public override string ToString() => $"{Ip}";

    /// <summary>The first one behind which a gateway leads on, else the first that others may reach at all; null when there is none but loopback.</summary>
    public static IPAddress? Choose(IEnumerable<(IPAddress Ip, bool LeadsOn)> candidates) => candidates
        .Where(one => one.Ip.AddressFamily is AddressFamily.InterNetwork && !IPAddress.IsLoopback(one.Ip) && !IsLinkLocal(one.Ip))
        .OrderByDescending(one => one.LeadsOn)
        .Select(one => one.Ip)
        .FirstOrDefault();

    private static IEnumerable<(IPAddress Ip, bool LeadsOn)> Candidates() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        let properties = network.GetIPProperties()
        from address in properties.UnicastAddresses
        select (address.Address, properties.GatewayAddresses.Count > 0);

    /// <summary>169.254.0.0/16, RFC 3927: what a machine gives itself when nobody gives it one.</summary>
    private static bool IsLinkLocal(IPAddress ip) => ip.GetAddressBytes() is [169, 254, ..];
}
