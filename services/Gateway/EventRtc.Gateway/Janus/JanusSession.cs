using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventRtc.Gateway.Janus;

/// <summary>A session on a Janus with one handle of the AudioBridge plugin.</summary>
public sealed class JanusSession
{
    private const string Plugin = "janus.plugin.audiobridge";

    private readonly JanusLink link;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private JanusSession(JanusLink link, long id) => (this.link, Id) = (link, id);

    /// <summary>More than 32 bits.</summary>
    public long Id { get; }

    /// <summary>More than 32 bits.</summary>
    public long Handle { get; private set; }

    /// <summary>Completes when the session is gone, whoever ended it.</summary>
    public Task Ended => ended.Task;

    /// <summary>What Janus tells without being asked: the kind (<c>trickle</c>, <c>event</c>, <c>hangup</c> ...) and the message. Called on the link's loop: must not block.</summary>
    public Action<string, JsonElement> OnEvent { get; set; } = (_, _) => { };

    /// <inheritdoc cref="JanusLink.Ask"/>
    public static async Task<JanusSession> Open(JanusLink link, CancellationToken ct)
    {
        var created = await link.Ask(new JsonObject { ["janus"] = "create" }, ackIsAnswer: false, ct);
        var session = new JanusSession(link, IdOf(created));
        link.Follow(session);
        try
        {
            session.Handle = IdOf(await link.Ask(session.Request("attach", ("plugin", Plugin)), ackIsAnswer: false, ct));
            return session;
        }
        catch
        {
            _ = session.Close(); // nobody waits for a Janus that may not answer
            throw;
        }
    }

    /// <summary>Takes over a session of an earlier connection, be its link still there or not; its peer connection goes on.</summary>
    /// <exception cref="JanusRefusedException">There is no such session (any more).</exception>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public static async Task<JanusSession> Claim(JanusLink link, long id, long handle, CancellationToken ct)
    {
        var session = new JanusSession(link, id) { Handle = handle };
        await link.Ask(session.Request("claim"), ackIsAnswer: true, ct);
        link.Follow(session);
        return session;
    }

    /// <summary>Tells the plugin something that it answers at once or with an event, perhaps after a while. Its own refusals are exceptions too.</summary>
    /// <returns>The plugin's answer, and the session description that came with it.</returns>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public async Task<(JsonElement Data, string? Sdp)> Tell(JsonObject body, CancellationToken ct, JsonObject? jsep = null)
    {
        var message = Request("message", ("handle_id", Handle), ("body", body));
        if (jsep is not null)
            message["jsep"] = jsep;
        var answer = await link.Ask(message, ackIsAnswer: false, ct);
        var data = answer.GetProperty("plugindata").GetProperty("data");
        if (data.TryGetProperty("error_code", out var code))
            throw new JanusRefusedException(code.GetInt32(), data.GetProperty("error").GetString()!);
        return (data, answer.TryGetProperty("jsep", out var description) ? description.GetProperty("sdp").GetString() : null);
    }

    /// <inheritdoc cref="JanusLink.Ask"/>
    public Task Trickle(JsonNode candidate, CancellationToken ct) =>
        link.Ask(Request("trickle", ("handle_id", Handle), ("candidate", candidate)), ackIsAnswer: true, ct);

    /// <summary>Ends the session: whoever was in a room through it has left. One that cannot be ended now dies by Janus's own time-out.</summary>
    public async Task Close()
    {
        link.Forget(this);
        if (!ended.TrySetResult())
            return;
        try
        {
            await link.Ask(Request("destroy"), ackIsAnswer: true, CancellationToken.None);
        }
        catch (Exception gone) when (gone is JanusException or TimeoutException)
        {
            // Gone already, or it will be: nothing keeps it alive any more.
        }
    }

    /// <summary>Leaves the session to whoever claims it; unclaimed it dies by Janus's own time-out.</summary>
    public void LetGo()
    {
        link.Forget(this);
        ended.TrySetResult();
    }

    internal async Task KeepAlive(CancellationToken ct)
    {
        try
        {
            await link.Ask(Request("keepalive"), ackIsAnswer: true, ct);
        }
        catch (JanusRefusedException refused) when (refused.Code is JanusRefusedException.NoSuchSession)
        {
            End();
        }
        catch (Exception away) when (away is TimeoutException or JanusException)
        {
            // The link's own ping decides whether the Janus is lost; when it is, the session has ended with the link.
        }
    }

    internal void Take(string? kind, JsonElement message)
    {
        if (kind is "timeout" or "detached")
            End();
        else if (kind is not null)
            OnEvent(kind, message);
    }

    /// <summary>Janus has ended it, or is gone itself.</summary>
    internal void End() => LetGo();

    private JsonObject Request(string kind, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var request = new JsonObject { ["janus"] = kind, ["session_id"] = Id };
        foreach (var (name, value) in fields)
            request[name] = value;
        return request;
    }

    private static long IdOf(JsonElement answer) => answer.GetProperty("data").GetProperty("id").GetInt64();
}
