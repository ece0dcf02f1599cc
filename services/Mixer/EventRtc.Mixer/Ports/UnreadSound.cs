using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventRtc.Mixer.Ports;

/// <summary>What Linux tells of packets that arrived at a port and that nobody reads: whoever listens there is frozen.</summary>
public static class UnreadSound
{
    /// <summary>Bytes that wait at a UDP port; 0 also when nobody listens there.</summary>
    public static long At(IPAddress ip, int port)
    {
        var table = ip.AddressFamily == AddressFamily.InterNetworkV6 ? "/proc/net/udp6" : "/proc/net/udp";
        return File.ReadLines(table).Skip(1).Sum(line => Waiting(line, port));
    }

    /// <param name="line"><c>sl local_address rem_address st tx_queue:rx_queue ...</c>, in hexadecimal.</param>
    private static long Waiting(string line, int port) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, _, var queues, ..] && Hex(After(local)) == port ? Hex(After(queues)) : 0;

    private static string After(string pair) => pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static long Hex(string digits) => long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
