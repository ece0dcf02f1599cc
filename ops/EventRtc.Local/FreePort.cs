using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EventRtc.Local;

/// <summary>Finds ports that nobody listens on. All lie below Linux's ephemeral range (32768 up), so that no outgoing connection takes one meanwhile.</summary>
public static class FreePort
{
    private const int First = 21_000;
    private const int Last = 32_000;
    private static readonly ConcurrentDictionary<int, bool> Handed = new();

    /// <summary>The default when it is free, any other free one else.</summary>
    public static int Prefer(int port) => IsFree(port) && Handed.TryAdd(port, true) ? port : Any();

    /// <summary>A free TCP port, never the same twice in this process.</summary>
    public static int Any() => Enumerable.Range(0, 10_000)
        .Select(_ => Random.Shared.Next(First, Last))
        .First(port => IsFree(port) && Handed.TryAdd(port, true));

    /// <summary>The first of <paramref name="count"/> neighbouring UDP ports for a Janus's media.</summary>
    public static int UdpRange(int count) => Enumerable.Range(0, 10_000)
        .Select(_ => Random.Shared.Next(First / count, Last / count) * count)
        .First(start => Enumerable.Range(start, count).All(IsFreeUdp) && Handed.TryAdd(-start, true));

    private static bool IsFree(int port) => CanBind(SocketType.Stream, ProtocolType.Tcp, port);

    private static bool IsFreeUdp(int port) => CanBind(SocketType.Dgram, ProtocolType.Udp, port);

    private static bool CanBind(SocketType type, ProtocolType protocol, int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
