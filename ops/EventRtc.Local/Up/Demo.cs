using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Up;

/// <summary>A room on air that plays a test tone without a browser: AudioBridge mixes an Opus file into it.</summary>
internal static class Demo
{
    public const string Room = "demo";
    public const string Pin = "123456";
    private static readonly TimeSpan OnAirWithin = TimeSpan.FromSeconds(20);

    public static async Task Open(Deployment at, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = at.Rooms.Url };
        using var created = await http.PostAsJsonAsync("/api/rooms", new { roomId = Room, pin = Pin }, ct);
        if (created.StatusCode != HttpStatusCode.Conflict)
            created.EnsureSuccessStatusCode();
        using var started = await http.PostAsJsonAsync($"/api/rooms/{Room}/start", new { }, ct);
        started.EnsureSuccessStatusCode();
        await Eventually.True(async () => (await http.GetFromJsonAsync<JsonElement>($"/api/rooms/{Room}", ct)).GetProperty("room").GetProperty("forwarding").GetBoolean(), OnAirWithin, "the demo room is on air");

        var tone = await MakeTone(at.Folder);
        await Eventually.True(() => Play(at, tone, ct), OnAirWithin, "the demo room plays its tone");
    }

    private static async Task<string> MakeTone(string folder)
    {
        var file = Path.Combine(folder, "tone.opus");
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec(
            "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=440:duration=2,volume=0.4", "-af", "apad=pad_dur=1", "-c:a", "libopus", "-ar", "48000", file));
        return await ffmpeg.Exited == 0 ? file : throw new Servers.ServerStartException($"ffmpeg made no tone:\n{string.Join('\n', ffmpeg.LastLines)}");
    }

    /// <returns>False while Janus does not have the room: it may be made again after a restart.</returns>
    private static async Task<bool> Play(Deployment at, string tone, CancellationToken ct)
    {
        var rooms = await Ask(at, new { request = "list", admin_key = at.Janus.AdminKey }, ct);
        var number = rooms.GetProperty("list").EnumerateArray()
            .Where(room => room.GetProperty("description").GetString()!.StartsWith($"{Room}/", StringComparison.Ordinal))
            .Select(room => room.GetProperty("room").GetInt64())
            .FirstOrDefault();
        if (number == 0)
            return false;
        var answer = await Ask(at, new { request = "play_file", room = number, admin_key = at.Janus.AdminKey, filename = tone, loop = true, file_id = "tone" }, ct);
        return !answer.TryGetProperty("error_code", out _);
    }

    private static async Task<JsonElement> Ask(Deployment at, object request, CancellationToken ct)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            at.Janus.AdminUrl,
            new { janus = "message_plugin", transaction = Guid.NewGuid().ToString("N"), admin_secret = at.Janus.AdminSecret, plugin = "janus.plugin.audiobridge", request },
            ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("response");
    }
}
