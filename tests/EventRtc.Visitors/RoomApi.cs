using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;

namespace EventRtc.Visitors;

/// <summary>The REST calls of a person with curl, through nginx.</summary>
public sealed class RoomApi(Uri web) : IDisposable
{
    public const string Pin = "A1b2C3";
    private static readonly TimeSpan OnAirWithin = TimeSpan.FromSeconds(15);
    private readonly HttpClient http = new() { BaseAddress = web, Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Creates a room, starts it, and waits until its sound flows to the mixer.</summary>
    public async Task<JsonElement> OnAir(string room)
    {
        using var created = await http.PostAsJsonAsync("/api/rooms", new { roomId = room, pin = Pin });
        created.EnsureSuccessStatusCode();
        using var started = await http.PostAsJsonAsync($"/api/rooms/{room}/start", new { });
        started.EnsureSuccessStatusCode();
        await Eventually.True(() => IsForwarding(room), OnAirWithin, $"room {room} forwards its sound");
        return (await Find(room))!.Value;
    }

    public async Task<bool> IsForwarding(string room) => (await Find(room))?.GetProperty("forwarding").GetBoolean() is true;

    /// <summary>Null when there is no such room.</summary>
    public async Task<JsonElement?> Find(string room)
    {
        using var answer = await http.GetAsync(new Uri($"/api/rooms/{room}", UriKind.Relative));
        return answer.StatusCode is HttpStatusCode.NotFound
            ? null
            : (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("room");
    }

    public async Task Remove(string room)
    {
        using var removed = await http.DeleteAsync(new Uri($"/api/rooms/{room}", UriKind.Relative));
        removed.EnsureSuccessStatusCode();
    }

    /// <summary>The types of everything that happened to the room, oldest first.</summary>
    public async Task<IReadOnlyList<string>> History(string room) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/rooms/{room}/history")).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];

    public async Task<string> ListenerToken(string room)
    {
        using var answer = await http.PostAsJsonAsync("/api/token", new { roomId = room });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    /// <summary>A file below /hls/rooms/{room}/, with a token when it needs one.</summary>
    public async Task<HttpResponseMessage> Media(string room, string file, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/hls/rooms/{room}/{file}");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
