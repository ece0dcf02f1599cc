using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventRtc.Domain;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Mixers announce addresses at which sound can reach them and segments can be fetched, and have ports for all the rooms they take.</summary>
internal static class PortsCheck
{
    public static async Task Look(Report report, IReadOnlyList<SeenModule> all, TimeSpan patience, CancellationToken ct)
    {
        var mixers = all.Where(module => module is { Kind: ModuleKind.Mixer, Beat: not null }).ToList();
        var elsewhere = all.FirstOrDefault(module => module.Kind is ModuleKind.Janus && module.Beat?.WsUrl is { } url && Uri.TryCreate(url, UriKind.Absolute, out var at) && !at.IsLoopback);
        foreach (var mixer in mixers)
            Judge(report, mixer, elsewhere);
        await Task.WhenAll(mixers.Where(mixer => mixer.Beat!.HlsPort is not null).Select(mixer => Knock(report.Part(), mixer, patience, ct)));
    }

    /// <summary>Pure.</summary>
    /// <param name="elsewhere">A Janus that other machines reach; null when all of them listen on their own machine only.</param>
    internal static void Judge(Report report, SeenModule mixer, SeenModule? elsewhere)
    {
        var beat = mixer.Beat!;
        if (elsewhere is not null && IPAddress.TryParse(beat.Host, out var ip) && IPAddress.IsLoopback(ip))
            report.Fail($"{mixer.Name} address", $"{beat.Host}, and {elsewhere.Name} at {elsewhere.Beat!.WsUrl} would send the sound to itself", "Set MIXER_IP to an address of that mixer's machine which Januses and the HLS service reach.");
        if (Pairs(beat.RtpPorts) is not { } pairs)
            report.Skip($"{mixer.Name} RTP", "it does not say which ports it has");
        else if (pairs < beat.Capacity)
            report.Warn($"{mixer.Name} RTP", $"{beat.RtpPorts}: two ports each for {pairs} rooms, and it takes {beat.Capacity}", "Widen MIXER_RTP_PORTS, or lower MIXER_CAPACITY: the rooms beyond that fail and are moved.");
        else
            report.Ok($"{mixer.Name} RTP", $"{beat.RtpPorts} (UDP), two ports each for {beat.Capacity} rooms");
    }

    /// <summary>Rooms that a range has ports for: an even one and the next.</summary>
    internal static int? Pairs(string? range) => range?.Split('-') is [var low, var high] && int.TryParse(low, CultureInfo.InvariantCulture, out var first) && int.TryParse(high, CultureInfo.InvariantCulture, out var last)
        ? Math.Max(0, (last + 1 - (first + first % 2)) / 2)
        : null;

    private static async Task Knock(Report report, SeenModule mixer, TimeSpan patience, CancellationToken ct)
    {
        var (host, port) = (mixer.Beat!.Host, mixer.Beat.HlsPort!.Value);
        try
        {
            await Reach.Knock(host, port, patience, ct);
            report.Ok($"{mixer.Name} segments", $"{host}:{port} is open");
        }
        catch (Exception fault) when (Reach.Explains(fault, ct) || fault is SocketException)
        {
            report.Fail($"{mixer.Name} segments", $"{host}:{port} {Reach.Why(fault)}", "The HLS service fetches there what listeners hear: are MIXER_IP and MIXER_HLS_ADDR right, and the way open? --skip ports where only the HLS service is let through.");
        }
    }
}
