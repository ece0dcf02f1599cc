using System.ComponentModel.DataAnnotations;
using System.Net;
using EventRtc.Hosting;

namespace EventRtc.Gateway;

/// <summary>One gateway, and how long it waits for whom.</summary>
public sealed record GatewayOptions
{
    /// <summary>Names this process among the gateways, in logs and in the locks of its connections. Default the machine's name.</summary>
    [RegularExpression("^[A-Za-z0-9_.-]{1,64}$", ErrorMessage = "must be 1 to 64 of A-Z a-z 0-9 _ . -")]
    [DefaultIs("the machine's name")]
    public string Id { get; init; } = Environment.MachineName;

    /// <summary>How long one answer of a Janus may take. Default 5 s; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan JanusTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silent Janus is asked for a sign of life; a frozen one is given up after twice this time. Default 3 s; 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan JanusPing { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a Janus is told that its sessions are wanted; it ends them after 60 s of silence. Default 25 s; 1 s to 50 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:50")]
    public TimeSpan JanusKeepalive { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a user's place stays its connection's without a keepalive; clients send one every 10 s. Default 30 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LockTtl { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a gateway is taken for alive after its last sign of life; it shows one three times in that time. Default 3 s; 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AliveTtl { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the media of a visitor goes on whose WebSocket dropped, so that it can be resumed. Default 1 min; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan KeepMedia { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many clients a second the other gateways should have to take when this one stops: each is told a random time within which the whole crowd comes back at this
    /// rate. Default 500; 1 to 1000000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ReconnectRate { get; init; } = 500;

    /// <summary>Web pages whose browsers may connect, as <c>https://host[:port]</c>, comma-separated. Without any all may, as it is the token that admits. Default none.</summary>
    [Origins]
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed, by IP address or network (10.0.0.0/8), comma-separated. Default 127.0.0.1,::1.</summary>
    public AddressRange[] TrustedProxies { get; init; } = [AddressRange.Of(IPAddress.Loopback), AddressRange.Of(IPAddress.IPv6Loopback)];
}

/// <summary>Refuses what no browser would ever send: an origin with a path, or without a scheme.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginsAttribute() : ValidationAttribute("each item must be of the form https://host or https://host:port")
{
    public override bool IsValid(object? value) => value is string[] origins
        && Array.TrueForAll(origins, origin => Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && origin == url.GetLeftPart(UriPartial.Authority));
}
