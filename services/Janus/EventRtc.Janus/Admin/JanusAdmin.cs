using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EventRtc.Janus.Admin;

/// <summary>How to reach a Janus and what it asks for.</summary>
/// <param name="Url">The admin API, such as <c>http://127.0.0.1:7088/admin</c>.</param>
/// <param name="Secret">The core's <c>admin_secret</c>.</param>
/// <param name="Key">The AudioBridge's <c>admin_key</c>.</param>
/// <param name="Timeout">The longest wait for an answer: a stopped Janus keeps its connections and says nothing.</param>
public sealed record JanusAccess(Uri Url, string Secret, string Key, TimeSpan Timeout);

/// <summary>
/// The AudioBridge through Janus's admin API: one HTTP call each, without a session, about 1 ms. Every method throws
/// <see cref="JanusException"/> when Janus refuses, <see cref="HttpRequestException"/> when it cannot be reached and
/// <see cref="TimeoutException"/> when it does not answer; after the last two the request may still have been carried out.
/// </summary>
public sealed class JanusAdmin : IDisposable
{
    /// <summary>The RTP payload type of forwarded Opus, as in the SDP that mixers read.</summary>
    public const int OpusPayloadType = 111;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly JanusAccess access;
    private readonly HttpClient http;

    public JanusAdmin(JanusAccess access)
    {
        this.access = access;
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = access.Timeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(100), // Janus closes an idle connection after 120 s
        })
        { Timeout = access.Timeout };
    }

    /// <exception cref="JanusException"><see cref="JanusCodes.RoomExists"/>: the number is taken.</exception>
    public Task CreateRoom(NewBridge room, CancellationToken ct) => Ask(new
    {
        Request = "create",
        AdminKey = access.Key,
        Room = room.Number,
        room.Description,
        room.Pin,
        IsPrivate = true,
        SamplingRate = 48_000,
        AllowRtpParticipants = false,
        AudiolevelExt = true,
        AudiolevelEvent = true,
        AudioActivePackets = 25, // of 20 ms: a talking event follows half a second of speech
        AudioLevelAverage = 40, // -dBov, 127 is silence: Janus's default of 25 misses a quiet microphone
    }, ct);

    /// <summary>All rooms, private ones too.</summary>
    public async Task<IReadOnlyList<Bridge>> ListRooms(CancellationToken ct)
    {
        var rooms = (await Ask(new { Request = "list", AdminKey = access.Key }, ct)).GetProperty("list");
        return [.. rooms.EnumerateArray().Select(room => new Bridge(
            room.GetProperty("room").GetInt64(), room.GetProperty("description").GetString() ?? "", room.GetProperty("num_participants").GetInt32()))];
    }

    /// <summary>Ends the room with its forwarders; participants are told.</summary>
    /// <returns>False when there was no such room.</returns>
    public async Task<bool> DestroyRoom(long room, CancellationToken ct)
    {
        try
        {
            await Ask(new { Request = "destroy", Room = room }, ct);
            return true;
        }
        catch (JanusException refusal) when (refusal.Code == JanusCodes.NoSuchRoom)
        {
            return false;
        }
    }

    /// <summary>
    /// Sends the room's mix as Opus to a UDP port, silence included. Janus accepts a second forwarder to the same port without a word:
    /// look at <see cref="ListForwarders"/> first.
    /// </summary>
    /// <returns>The forwarder's stream id.</returns>
    public async Task<long> StartForwarding(long room, string ip, int port, CancellationToken ct)
    {
        var answer = await Ask(new
        {
            Request = "rtp_forward",
            AdminKey = access.Key,
            Room = room,
            Host = ip,
            Port = port,
            Codec = "opus",
            Ptype = OpusPayloadType,
            AlwaysOn = true,
        }, ct);
        return answer.GetProperty("stream_id").GetInt64();
    }

    /// <summary>Stops one forwarder; one that is gone is no error.</summary>
    public Task StopForwarding(long room, long streamId, CancellationToken ct) =>
        Ask(new { Request = "stop_rtp_forward", AdminKey = access.Key, Room = room, StreamId = streamId }, ct);

    /// <exception cref="JanusException"><see cref="JanusCodes.NoSuchRoom"/>.</exception>
    public async Task<IReadOnlyList<Forwarder>> ListForwarders(long room, CancellationToken ct)
    {
        var forwarders = (await Ask(new { Request = "listforwarders", AdminKey = access.Key, Room = room }, ct)).GetProperty("rtp_forwarders");
        return [.. forwarders.EnumerateArray().Select(f => new Forwarder(
            f.GetProperty("stream_id").GetInt64(),
            f.GetProperty("ip").GetString() ?? "",
            f.GetProperty("port").GetInt32(),
            f.GetProperty("codec").GetString() ?? "",
            f.TryGetProperty("ptype", out var type) ? type.GetInt32() : 0,
            f.GetProperty("always_on").GetBoolean()))];
    }

    /// <exception cref="JanusException"><see cref="JanusCodes.NoSuchRoom"/>.</exception>
    public async Task<IReadOnlyList<BridgeParticipant>> ListParticipants(long room, CancellationToken ct)
    {
        var participants = (await Ask(new { Request = "listparticipants", Room = room }, ct)).GetProperty("participants");
        return [.. participants.EnumerateArray().Select(p => new BridgeParticipant(
            p.GetProperty("id").GetInt64(),
            p.TryGetProperty("display", out var display) ? display.GetString() : null,
            p.GetProperty("setup").GetBoolean(),
            p.GetProperty("muted").GetBoolean(),
            p.TryGetProperty("talking", out var talking) ? talking.GetBoolean() : null))];
    }

    /// <summary>Mixes an Ogg/Opus file, which Janus itself must be able to read, into the room.</summary>
    /// <returns>The id that stops it.</returns>
    public async Task<string> PlayFile(long room, string file, bool loop, CancellationToken ct)
    {
        var answer = await Ask(new { Request = "play_file", AdminKey = access.Key, Room = room, Filename = file, Loop = loop }, ct);
        return answer.GetProperty("file_id").GetString()!;
    }

    public void Dispose() => http.Dispose();

    /// <param name="call">The calling method: it names the call in metrics and traces.</param>
    private Task<JsonElement> Ask<T>(T request, CancellationToken ct, [CallerMemberName] string call = "") => JanusTelemetry.Measured(call, () => Send(request, ct));

    private async Task<JsonElement> Send<T>(T request, CancellationToken ct)
    {
        var envelope = new
        {
            Janus = "message_plugin",
            Transaction = Guid.NewGuid().ToString("N"),
            AdminSecret = access.Secret,
            Plugin = "janus.plugin.audiobridge",
            Request = request,
        };
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(envelope, Json)) { Headers = { ContentType = JsonType } };
        return Unwrap(JsonSerializer.Deserialize<JsonElement>(await Post(content, ct)));
    }

    private async Task<byte[]> Post(HttpContent content, CancellationToken ct)
    {
        try
        {
            using var answer = await http.PostAsync(access.Url, content, ct);
            return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"Janus at {access.Url} did not answer within {access.Timeout.TotalSeconds:0.#} s", late);
        }
    }

    /// <summary>Janus says 200 to everything: its core's refusals lie at the top, a plugin's in the response.</summary>
    private static JsonElement Unwrap(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out var error))
            throw new JanusException(error.GetProperty("code").GetInt32(), error.GetProperty("reason").GetString() ?? "");
        var response = answer.GetProperty("response");
        return response.TryGetProperty("error_code", out var code)
            ? throw new JanusException(code.GetInt32(), response.GetProperty("error").GetString() ?? "")
            : response;
    }
}
