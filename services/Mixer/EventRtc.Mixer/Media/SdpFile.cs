using System.Net;
using System.Net.Sockets;

namespace EventRtc.Mixer.Media;

/// <summary>What tells ffmpeg that Opus arrives as RTP on a port of ours; it binds the next port too, for RTCP.</summary>
public static class SdpFile
{
    /// <summary>The RTP payload type that forwarders of Janus workers send with.</summary>
    public const int OpusPayloadType = 111;

    public static string Describe(IPAddress ip, int port)
    {
        var family = ip.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
        return $"""
            v=0
            o=- 0 0 IN {family} {ip}
            s=room
            c=IN {family} {ip}
            t=0 0
            m=audio {port} RTP/AVP {OpusPayloadType}
            a=rtpmap:{OpusPayloadType} opus/48000/2
            a=recvonly

            """.ReplaceLineEndings("\r\n");
    }
}
