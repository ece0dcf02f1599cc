using System.Net.WebSockets;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Every Janus answers where gateways reach it, is new enough and has the AudioBridge.</summary>
internal static class JanusCheck
{
    private const string AudioBridge = "janus.plugin.audiobridge";

    public static Task Look(Report report, IReadOnlyList<SeenModule> all, TimeSpan patience, CancellationToken ct) =>
        Task.WhenAll(all.Where(module => module is { Kind: ModuleKind.Janus, Beat: not null }).Select(module => Look(report.Part(), module, patience, ct)));

    private static async Task Look(Report report, SeenModule module, TimeSpan patience, CancellationToken ct)
    {
        if (!Uri.TryCreate(module.Beat!.WsUrl, UriKind.Absolute, out var url))
        {
            report.Fail(module.Name, "its worker does not say where gateways reach it", "Set JANUS_WS_URL of its worker.");
            return;
        }
        try
        {
            Judge(report, module.Name, await JanusInfo.Ask(url, patience, ct));
        }
        catch (Exception fault) when (Reach.Explains(fault, ct) || fault is JsonException)
        {
            report.Fail(module.Name, $"{url.Authority} {Reach.Why(fault)}", "Gateways need this address, which is JANUS_WS_URL of its worker: is Janus's WebSocket transport on, and the way open? --skip janus where only gateways are let through.");
        }
    }

    /// <summary>Pure.</summary>
    internal static void Judge(Report report, string name, JsonElement info)
    {
        var version = info.TryGetProperty("version_string", out var text) ? $"{text}" : "unknown";
        report.Demand(Minimums.Reaches(version, Minimums.Janus), $"{name} version", version, $"Update it: {Minimums.Janus} is the oldest that EventRtc is tested with.");
        var has = info.TryGetProperty("plugins", out var plugins) && plugins.ValueKind is JsonValueKind.Object && plugins.TryGetProperty(AudioBridge, out _);
        report.Demand(has, $"{name} AudioBridge", has ? "is loaded" : "is not loaded", $"Install {AudioBridge} and let janus.jcfg load it.");
    }
}
