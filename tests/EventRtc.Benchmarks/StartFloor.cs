using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Hosting.Processes;
using EventRtc.Local;

namespace EventRtc.Benchmarks;

/// <summary>The bare work of starting a room, by direct calls with nothing between: a Janus room, an ffmpeg process, a forwarder.</summary>
internal static class StartFloor
{
    private static readonly HttpClient Http = new();

    public static async Task<double> Measure(Deployment deployment, string folder, CancellationToken ct)
    {
        var port = FreePort.Any();
        var sdp = Path.Combine(folder, "floor.sdp");
        await File.WriteAllTextAsync(sdp, $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=floor\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 111\na=rtpmap:111 opus/48000/2\n", ct);

        var watch = Stopwatch.StartNew();
        var room = (await Ask(deployment, new { request = "create", sampling_rate = 48000, is_private = true, admin_key = deployment.Janus.AdminKey }, ct)).GetProperty("room").GetInt64();
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec(
            "ffmpeg", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,udp,rtp", "-i", sdp, "-f", "null", "-"));
        await Ask(deployment, new { request = "rtp_forward", room, host = "127.0.0.1", port, codec = "opus", ptype = 111, always_on = true, admin_key = deployment.Janus.AdminKey }, ct);
        var took = watch.Elapsed.TotalMilliseconds;

        await ffmpeg.Kill();
        await Ask(deployment, new { request = "destroy", room }, ct);
        return took;
    }

    private static async Task<JsonElement> Ask(Deployment deployment, object request, CancellationToken ct)
    {
        using var answer = await Http.PostAsJsonAsync(
            deployment.Janus.AdminUrl,
            new { janus = "message_plugin", transaction = "floor", admin_secret = deployment.Janus.AdminSecret, plugin = "janus.plugin.audiobridge", request },
            ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("response");
    }
}
