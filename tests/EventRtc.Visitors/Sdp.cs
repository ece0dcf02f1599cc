namespace EventRtc.Visitors;

/// <summary>An offer as Chromium makes it for one microphone, of a browser that never sends media.</summary>
public static class Sdp
{
    public static string Offer() => string.Join("\r\n",
        "v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=extmap-allow-mixed", "a=msid-semantic: WMS",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0",
        "a=ice-ufrag:EvRt", "a=ice-pwd:0123456789abcdefghijklmn", "a=ice-options:trickle",
        $"a=fingerprint:sha-256 {string.Join(':', Enumerable.Repeat("AB", 32))}", "a=setup:actpass", "a=mid:0",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=sendrecv", "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=ssrc:1234 cname:test", "");

    public static object Candidate(int port) => new
    {
        candidate = new { candidate = $"candidate:1 1 udp 2113937151 127.0.0.1 {port} typ host generation 0 ufrag EvRt", sdpMid = "0", sdpMLineIndex = 0, usernameFragment = "EvRt" },
    };
}
