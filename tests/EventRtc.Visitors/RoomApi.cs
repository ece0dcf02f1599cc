using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;

namespace EventRtc.Visitors;

/// <summary>The REST calls of a person with curl, through nginx.</summary>
/// <param name="token">An operator's, where not everybody may do everything.</param>
public sealed class RoomApi(Uri web, string? token = null) : IDisposable
{
    public const string Pin = "A1b2C3";
    private static readonly TimeSpan OnAirWithin = TimeSpan.FromSeconds(15);
    private readonly HttpClient http = new()
    {
        BaseAddress = web,
        Timeout = TimeSpan.FromSeconds(5),
        DefaultRequestHeaders = { Authorization = token is null ? null : new("Bearer", token) },
    };

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

    /// <summary>Admits somebody, and returns the token that proves it.</summary>
    public async Task<string> Admit(string room, string role = "anchor")
    {
        using var admitted = await http.PostAsJsonAsync($"/api/rooms/{room}/users", new { role });
        return (await admitted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
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

    /// <summary>A file below /hls/rooms/{room}/, with a listener's token when it needs one.</summary>
    public async Task<HttpResponseMessage> Media(string room, string file, string? listener = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/hls/rooms/{room}/{file}");
        if (listener is not null)
            request.Headers.Authorization = new("Bearer", listener);
        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
