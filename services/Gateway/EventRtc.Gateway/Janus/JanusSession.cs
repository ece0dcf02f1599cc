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
            await session.Close();
            throw;
        }
    }

    /// <summary>Tells the plugin something that it answers with an event, perhaps after a while.</summary>
    /// <inheritdoc cref="JanusLink.Ask"/>
    public Task<JsonElement> Tell(JsonObject body, JsonObject jsep, CancellationToken ct) =>
        link.Ask(Request("message", ("handle_id", Handle), ("body", body), ("jsep", jsep)), ackIsAnswer: false, ct);

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
        catch (TimeoutException)
        {
            // The link's own ping decides whether the Janus is lost.
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
    internal void End()
    {
        link.Forget(this);
        ended.TrySetResult();
    }

    private JsonObject Request(string kind, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var request = new JsonObject { ["janus"] = kind, ["session_id"] = Id };
        foreach (var (name, value) in fields)
            request[name] = value;
        return request;
    }

    private static long IdOf(JsonElement answer) => answer.GetProperty("data").GetProperty("id").GetInt64();
}
