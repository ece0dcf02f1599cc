using System.Collections;
using System.Net;
using System.Net.Sockets;

namespace EventRtc.Mixer.Ports;

/// <summary>
/// Hands out RTP port pairs: a bitmap of ours, checked against the operating system by binding. A pair stays reserved until it is
/// released, which is only right once its ffmpeg has ended.
/// </summary>
/// <param name="start">The index to begin at. A random one keeps two mixers on one machine apart, and both away from ports
/// that forwarders of a former run may still send to.</param>
public sealed class RtpPorts(PortRange range, IPAddress ip, int start = 0)
{
    private readonly Lock gate = new();
    private readonly BitArray taken = new(range.Pairs);
    private int next = start % range.Pairs;

    /// <summary>Pairs handed out now.</summary>
    public int InUse { get; private set; }

    /// <summary>This pair when it is ours to give and free, so that a forwarder that already sends there stays right; else null.</summary>
    public PortPair? TryTake(int rtp)
    {
        lock (gate)
            return range.IndexOf(rtp) is { } index ? TryTakeAt(index) : null;
    }

    /// <summary>The next free pair: a released one comes around again as late as possible, so that stray packets meet nobody.</summary>
    /// <exception cref="NoPortException">Every pair is in use.</exception>
    public PortPair Take()
    {
        lock (gate)
            for (var tried = 0; tried < range.Pairs; tried++)
            {
                var index = next;
                next = (next + 1) % range.Pairs;
                if (TryTakeAt(index) is { } pair)
                    return pair;
            }
        throw new NoPortException(range);
    }

    /// <summary>Gives a pair back, once its ffmpeg has ended.</summary>
    public void Release(PortPair pair)
    {
        lock (gate)
            if (range.IndexOf(pair.Rtp) is { } index && taken[index])
            {
                taken[index] = false;
                InUse--;
                MixerTelemetry.Ports(InUse, range.Pairs);
            }
    }

    /// <summary>Whether both ports can be bound now.</summary>
    public bool IsFree(PortPair pair) => CanBind(pair.Rtp) && CanBind(pair.Rtcp);

    private PortPair? TryTakeAt(int index)
    {
        if (taken[index] || !IsFree(range[index]))
            return null;
        taken[index] = true;
        InUse++;
        MixerTelemetry.Ports(InUse, range.Pairs);
        return range[index];
    }

    private bool CanBind(int port)
    {
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
            socket.Bind(new IPEndPoint(ip, port));
            return true;
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}

/// <summary>All port pairs of the range are in use: the range is too small for this mixer's capacity, or other programs sit in it.</summary>
public sealed class NoPortException(PortRange range) : Exception($"No free pair of RTP ports in {range}");
