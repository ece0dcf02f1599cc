using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.Gateway.Janus;

/// <summary>
/// One WebSocket to a Janus (subprotocol <c>janus-protocol</c>), shared by all sessions that this gateway has there. When it ends, Janus keeps them for a
/// minute (<c>reclaim_session_timeout</c>), in which they can be claimed over another link, also by another gateway.
/// </summary>
public sealed class JanusLink : IAsyncDisposable
{
    private const int LongestMessage = 1024 * 1024;
    private const int LongestQueue = 1024;
    private const int KeptAtOnce = 32;

    private readonly ClientWebSocket socket = new();
    private readonly Channel<byte[]> outgoing =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(LongestQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ConcurrentDictionary<string, Question> open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, JanusSession> sessions = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Uri address;
    private readonly GatewayOptions options;
    private readonly ILogger log;
    private readonly TimeProvider clock;
    private Task running = Task.CompletedTask;
    private long lastTransaction;

    private JanusLink(Uri address, GatewayOptions options, ILogger log, TimeProvider clock)
    {
        this.address = address;
        this.options = options;
        this.log = log;
        this.clock = clock;
    }

    public bool IsOpen => !ending.IsCancellationRequested;

    /// <exception cref="JanusLostException">It is not there.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<JanusLink> Open(Uri address, GatewayOptions options, ILogger log, TimeProvider clock)
    {
        var link = new JanusLink(address, options, log, clock);
        link.socket.Options.AddSubProtocol("janus-protocol");
        link.socket.Options.KeepAliveInterval = options.JanusPing;
        link.socket.Options.KeepAliveTimeout = options.JanusPing;
        try
        {
            await link.socket.ConnectAsync(address, CancellationToken.None).WaitAsync(options.JanusTimeout, clock);
        }
        catch (Exception failure) when (failure is WebSocketException or TimeoutException)
        {
            link.socket.Dispose();
            throw failure is TimeoutException ? failure : new JanusLostException(address, failure);
        }
        link.running = Task.WhenAll(link.Receive(), link.Send(), link.KeepSessions());
        log.LogInformation("Janus at {Address} is connected", address);
        return link;
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="ackIsAnswer">Janus acknowledges at once what it does later; only for some requests something follows.</param>
    /// <exception cref="JanusRefusedException">It answered with an error.</exception>
    /// <exception cref="JanusLostException">The link has ended.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<JsonElement> Ask(JsonObject request, bool ackIsAnswer, CancellationToken ct)
    {
        var transaction = $"{Interlocked.Increment(ref lastTransaction)}";
        request["transaction"] = transaction;
        var question = new Question(ackIsAnswer);
        open[transaction] = question;
        try
        {
            await Enqueue(JsonSerializer.SerializeToUtf8Bytes(request), ct);
            return await question.Answer.WaitAsync(options.JanusTimeout, clock, ct);
        }
        finally
        {
            open.TryRemove(transaction, out _);
        }
    }

    /// <summary>Keeps the session alive and hands it its events, until it is forgotten or the link ends.</summary>
    public void Follow(JanusSession session)
    {
        sessions[session.Id] = session;
        if (!IsOpen)
            session.End();
    }

    /// <summary>Unless the session was claimed by another of our connections, which follows it now.</summary>
    public void Forget(JanusSession session) => sessions.TryRemove(KeyValuePair.Create(session.Id, session));

    public async ValueTask DisposeAsync()
    {
        End();
        await running;
        socket.Dispose();
        ending.Dispose();
    }

    private async Task Receive()
    {
        using var reader = new MessageReader(socket, LongestMessage);
        try
        {
            while (await reader.Read() is MessageReader.Kind.Message)
                Take(JsonElement.Parse(reader.Message));
            log.LogWarning("Janus at {Address} closed the connection", address);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or JsonException)
        {
            log.LogWarning("The connection to Janus at {Address} ended: {Reason}", address, broken.Message);
        }
        finally
        {
            End();
        }
    }

    private void Take(JsonElement message)
    {
        var kind = message.GetProperty("janus").GetString();
        if (message.TryGetProperty("transaction", out var transaction) && open.TryGetValue(transaction.GetString()!, out var question))
            question.Take(kind, message);
        else if (message.TryGetProperty("session_id", out var id) && sessions.TryGetValue(id.GetInt64(), out var session))
            session.Take(kind, message);
        else
            log.LogDebug("Janus at {Address} sent {Kind}, which concerns nobody here", address, kind);
    }

    private async Task Send()
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(ending.Token))
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, ending.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            End();
        }
    }

    /// <summary>A full queue holds the caller up, no longer than an answer may take.</summary>
    private async Task Enqueue(byte[] message, CancellationToken ct)
    {
        try
        {
            if (!outgoing.Writer.TryWrite(message))
                await outgoing.Writer.WriteAsync(message, ct).AsTask().WaitAsync(options.JanusTimeout, clock, ct);
        }
        catch (ChannelClosedException)
        {
            throw new JanusLostException(address);
        }
    }

    /// <summary>A few at a time: thousands of sessions at once would leave no room in the queue for what people wait for.</summary>
    private async Task KeepSessions()
    {
        using var timer = new PeriodicTimer(options.JanusKeepalive, clock);
        var fewAtATime = new ParallelOptions { MaxDegreeOfParallelism = KeptAtOnce, CancellationToken = ending.Token };
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
                await Parallel.ForEachAsync(sessions.Values, fewAtATime, async (session, ct) => await session.KeepAlive(ct));
        }
        catch (OperationCanceledException)
        {
            // The link has ended.
        }
    }

    /// <summary>Once: whatever still waits for this Janus learns that it is gone.</summary>
    private void End()
    {
        outgoing.Writer.TryComplete();
        ending.Cancel();
        socket.Abort();
        foreach (var question in open.Values)
            question.Fail(new JanusLostException(address));
        foreach (var session in sessions.Values)
            session.End();
    }

    /// <summary>A request that waits for its answer.</summary>
    private sealed class Question(bool ackIsAnswer)
    {
        private readonly TaskCompletionSource<JsonElement> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<JsonElement> Answer => answer.Task;

        public void Take(string? kind, JsonElement message)
        {
            if (kind is "error")
                answer.TrySetException(Refused(message.GetProperty("error")));
            else if (kind is not "ack" || ackIsAnswer)
                answer.TrySetResult(message);
        }

        public void Fail(Exception why) => answer.TrySetException(why);

        private static JanusRefusedException Refused(JsonElement error) => new(error.GetProperty("code").GetInt32(), error.GetProperty("reason").GetString()!);
    }
}
