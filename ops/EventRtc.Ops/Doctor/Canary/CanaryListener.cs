using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EventRtc.Contracts;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>What a player does, step by step, through the origin that browsers see: token, playlist, key, segment, decryption.</summary>
internal sealed partial class CanaryListener(string room, Rest web, Patience patience)
{
    private const byte SyncByte = 0x47;
    private const int PacketBytes = 188;

    /// <summary>What was in the way last, and what to do about it; null while nothing was.</summary>
    private (string Seen, string Next)? obstacle;

    public async Task Hears(Report report, CancellationToken ct)
    {
        obstacle = ($"{web.Url} gives no answer", "See 'web'.");
        if (await patience.Until(() => Step(ct), ct) is { } took)
            report.Ok("listener", $"heard it {took.TotalSeconds:0.0} s later: a segment was decrypted with its key");
        else
            report.Fail("listener", $"heard nothing within {DurationOption.Text(patience.Longest)}: {obstacle!.Value.Seen}", obstacle.Value.Next);
    }

    /// <summary>True when a segment was heard.</summary>
    private async Task<bool> Step(CancellationToken ct)
    {
        var token = await web.Send(HttpMethod.Post, "api/token", new { roomId = room }, ct: ct);
        if (token.Text("token") is not { } pass)
            return Meets($"no token is given: {token.Words}", "The HLS service must see etcd, and the web server must hand /api/token on to it.");
        var listed = await web.Send(HttpMethod.Get, $"hls/rooms/{room}/stream.m3u8", ct: ct);
        if (listed.Status is not HttpStatusCode.OK)
            return Meets($"there is no playlist: {listed.Words}", "The HLS service must reach the mixer's segments, see 'ports'; the mixer's log says whether ffmpeg makes any.");
        var playlist = Encoding.UTF8.GetString(listed.Body);
        if (KeyLine().Matches(playlist) is not [.., { } line] || playlist.Split('\n').LastOrDefault(text => text.EndsWith(".ts", StringComparison.Ordinal)) is not { } newest)
            return Meets("the playlist has no segment", "Janus's sound does not reach ffmpeg: is the mixer's address right (MIXER_IP), and are its UDP ports open for Janus?");
        var key = await web.Send(HttpMethod.Get, $"hls/rooms/{room}/{line.Groups["uri"].Value}", token: pass, ct: ct);
        if (key.Status is not HttpStatusCode.OK)
            return Meets($"the key is refused: {key.Words}", "Do all HLS services have the same JWT_SECRET?");
        var segment = await web.Send(HttpMethod.Get, $"hls/rooms/{room}/{newest}", ct: ct);
        if (segment.Status is not HttpStatusCode.OK)
            return Meets($"a segment of the playlist is not there: {segment.Words}", "The HLS service must reach the mixer's segments, see 'ports'.");
        return IsSound(segment.Body, key.Body, Convert.FromHexString(line.Groups["iv"].Value))
            || Meets("the key does not fit the segments", "HLS_KEY_SECRET must be the same for the mixers and the HLS services.");
    }

    private bool Meets(string seen, string next)
    {
        obstacle = (seen, next);
        return false;
    }

    /// <summary>Whole packets of an MPEG transport stream.</summary>
    private static bool IsSound(byte[] segment, byte[] key, byte[] iv)
    {
        try
        {
            var plain = HlsKeys.Decrypt(segment, key, iv);
            return plain.Length > 0 && plain.Length % PacketBytes == 0 && plain[0] == SyncByte;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex("""#EXT-X-KEY:METHOD=AES-128,URI="(?<uri>[^"]+)",IV=0x(?<iv>[0-9A-Fa-f]{32})""")]
    private static partial Regex KeyLine();
}
