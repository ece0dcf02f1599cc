using System.Diagnostics.Metrics;
using EventRtc.Domain;
using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.Gateway;

/// <summary>What a gateway tells of its visitors, by what they are and never by who.</summary>
internal static class GatewayTelemetry
{
    private const int Broken = 1006;

    private static readonly Meter Meter = new("EventRtc.Gateway");
    private static readonly UpDownCounter<int> Connections = Meter.CreateUpDownCounter<int>("eventrtc.gateway.connections", description: "WebSockets that are open");
    private static readonly UpDownCounter<int> Members = Meter.CreateUpDownCounter<int>("eventrtc.gateway.members", description: "Connections whose users have been let into their rooms, by role");
    private static readonly UpDownCounter<int> Parked = Meter.CreateUpDownCounter<int>("eventrtc.gateway.parked", description: "Visitors whose connection dropped and whose sound goes on until they are back");
    private static readonly Counter<long> Joins = Meter.CreateCounter<long>("eventrtc.gateway.joins", description: "Joins that succeeded, by whether the former media session went on");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("eventrtc.gateway.refusals", description: "Handshakes and messages that were refused, by code");
    private static readonly Counter<long> Closes = Meter.CreateCounter<long>("eventrtc.gateway.closes", description: "Connections that ended, by our close code, or client or broken");

    /// <summary>Shows those that are rare from the beginning, so that their first time is seen as a change.</summary>
    public static void Begin()
    {
        Connections.Add(0);
        Parked.Add(0);
        foreach (var role in Enum.GetValues<Role>())
            Members.Add(0, Of(role));
        foreach (var resumed in (bool[])[true, false])
            Joins.Add(0, new KeyValuePair<string, object?>("resumed", resumed));
    }

    public static void Opened() => Connections.Add(1);

    public static void Ended() => Connections.Add(-1);

    public static void Entered(Role role) => Members.Add(1, Of(role));

    public static void Left(Role role) => Members.Add(-1, Of(role));

    public static void ParkedOne() => Parked.Add(1);

    public static void UnparkedOne() => Parked.Add(-1);

    public static void Joined(bool resumed) => Joins.Add(1, new KeyValuePair<string, object?>("resumed", resumed));

    public static void Refused(string code) => Refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>A client may choose its code, which is no label therefore.</summary>
    public static void Closed(PeerClosed how) =>
        Closes.Add(1, new KeyValuePair<string, object?>("code", how.ByUs ? $"{how.Code}" : how.Code == Broken ? "broken" : "client"));

    private static KeyValuePair<string, object?> Of(Role role) => new("role", DomainJson.Text(role));
}
