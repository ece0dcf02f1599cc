using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventRtc.JsonRpc.WebSockets;

/// <summary>
/// One end of a JSON-RPC connection: serves its methods to the other side and asks the other side for its own.
/// Requests start in the order they came and may overlap. A malformed or oversized frame is answered with an error and the connection lives.
/// </summary>
/// <param name="socket">Open, from a server or a client; the peer disposes it.</param>
/// <param name="name">What handlers see as the caller, and the log as the connection.</param>
public sealed class WebSocketPeer(
    WebSocket socket, string name, RpcMethods methods, WebSocketPeerOptions options, ILogger<WebSocketPeer> log, TimeProvider clock) : IDisposable
{
    private const int GoingAway = 1001, NoCode = 1005, Broken = 1006, TooMany = 4029;

    private readonly Channel<byte[]> outgoing =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.SendQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly PendingRequests pending = new(clock);
    private readonly RunningCalls running = new();
    private readonly InFlight inFlight = new(options.InFlightLimit);
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RpcFrame tooLong = RpcFrame.Invalid($"A message is at most {options.MaxMessageBytes} bytes.");
    private PeerClosed? closed;
    private long lastId;

    /// <summary>One of the two sides has closed the connection, or it broke.</summary>
    public bool IsClosing => Volatile.Read(ref closed) is not null;

    /// <summary>Cancelled when the connection has ended; every handler gets it.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>
    /// Serves the connection until it has ended and the last handler has returned. Never throws: how it ended is the result.
    /// </summary>
    /// <param name="ct">Closes with 1001; a server that knows better calls <see cref="Close(int, string)"/> first.</param>
    public async Task<PeerClosed> Run(CancellationToken ct)
    {
        var sending = Send();
        await using (ct.Register(() => Close(GoingAway, "going away")))
            await Receive();
        received.TrySetResult();
        await ended.CancelAsync();
        pending.FailAll(new PeerClosedException());
        outgoing.Writer.TryComplete();
        if (!await Within(sending))
            socket.Abort();
        await sending;
        await inFlight.WhenEmpty;
        return closed!;
    }

    /// <summary>Asks the other side; tells it when nobody waits for the answer any more.</summary>
    /// <exception cref="RpcException">It answered with an error.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="PeerClosedException">The connection ended first.</exception>
    public async Task<TResult> Request<TResult>(string method, object? parameters, CancellationToken ct = default)
    {
        var number = Interlocked.Increment(ref lastId);
        var id = RpcId.Of(number);
        var frame = RpcEncoder.Request(id, method, parameters, methods.Json);
        try
        {
            return await pending.Ask<TResult>(id, _ => Enqueue(frame) ? Task.CompletedTask : throw new PeerClosedException(), options.RequestTimeout, methods.Json, ct);
        }
        catch (Exception nobodyWaits) when (nobodyWaits is OperationCanceledException or TimeoutException)
        {
            Notify(RunningCalls.CancelMethod, new CancelNotice(number));
            throw;
        }
    }

    /// <summary>Tells the other side, in the order of the calls and without waiting; dropped when the connection is closing.</summary>
    public void Notify(string method, object? parameters) => Enqueue(RpcEncoder.Request(null, method, parameters, methods.Json));

    /// <summary>
    /// Closes once the answers under way are sent; takes no further request. Returns at once, <see cref="Run"/> returns when it is done. The first close counts.
    /// </summary>
    /// <param name="code">1000, 1001, 1008-1014 or 3000-4999.</param>
    /// <param name="reason">For the other side's log, at most 123 bytes.</param>
    public void Close(int code, string reason)
    {
        if (Interlocked.CompareExchange(ref closed, new PeerClosed(code, reason, ByUs: true), null) is null)
            _ = FinishClosing();
    }

    /// <param name="why">Travels as JSON in the reason, and so must fit in 123 bytes.</param>
    /// <inheritdoc cref="Close(int, string)"/>
    public void Close(int code, RpcErrorData why) => Close(code, JsonSerializer.Serialize(why, RpcJson.Options));

    public void Dispose()
    {
        socket.Dispose();
        ended.Dispose();
    }

    private async Task FinishClosing()
    {
        inFlight.Shut();
        await Within(inFlight.WhenEmpty);
        outgoing.Writer.TryComplete();
        if (!await Within(received.Task))
            socket.Abort();
    }

    private async Task<bool> Within(Task task) => await Task.WhenAny(task, Task.Delay(options.CloseGrace, clock)) == task;

    private async Task Receive()
    {
        using var reader = new MessageReader(socket, options.MaxMessageBytes);
        try
        {
            while (await reader.Read() is var read and not MessageReader.Kind.Closed)
                _ = Take(read is MessageReader.Kind.Message ? RpcFrame.Parse(reader.Message) : tooLong);
            ClosedByOther((int?)socket.CloseStatus ?? NoCode, socket.CloseStatusDescription ?? "");
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            ClosedByOther(Broken, "");
        }
        inFlight.Shut();
    }

    private void ClosedByOther(int code, string reason) =>
        Interlocked.CompareExchange(ref closed, new PeerClosed(code, reason, ByUs: false), null);

    /// <summary>Starts what a frame asks for; reading goes on meanwhile, and the answers follow when the handlers are done.</summary>
    private async Task Take(RpcFrame frame)
    {
        var admitted = 0;
        try
        {
            if (await RpcMethods.Answer(frame, Start) is { } answer)
                Enqueue(answer);
        }
        catch (OperationCanceledException)
        {
            // The connection ended under the handler: there is nobody left to answer.
        }
        finally
        {
            // Only now: a close waits for the answer to be in the queue, not just for the handler.
            inFlight.Leave(admitted);
        }

        Task<byte[]?> Start(RpcMessage message)
        {
            if (options.Gate() is { } refusal)
                return Task.FromResult(Refuse(message, refusal));
            if (message is not RpcMessage.Call call)
                return Task.FromResult(NoCall(message));
            if (call is { Id: null, Method: RunningCalls.CancelMethod })
                return Cancel(call);
            if (!inFlight.TryEnter())
                return Task.FromResult(Refuse(call, RpcFaults.TooMany(options.RetryAfter)));
            admitted++;
            var context = new RpcContext(name, Guid.CreateVersion7(clock.GetUtcNow()), this);
            return running.Run(call, ct => methods.InvokeLogged(call, context, ct), ended.Token);
        }
    }

    private Task<byte[]?> Cancel(RpcMessage.Call notice)
    {
        running.Cancel(notice);
        return Task.FromResult<byte[]?>(null);
    }

    private byte[]? NoCall(RpcMessage message)
    {
        if (message is RpcMessage.Invalid invalid)
        {
            log.LogDebug("{Peer} sent a malformed frame: {Detail}", name, invalid.Why.Message);
            return RpcEncoder.Error(invalid.Id, invalid.Why);
        }
        if (message is RpcMessage.Answer answer && !pending.Complete(answer))
            log.LogDebug("{Peer} answered what nobody waits for", name);
        return null;
    }

    /// <summary>Null when the connection is closing: the close is the answer.</summary>
    private byte[]? Refuse(RpcMessage message, RpcException why)
    {
        if (IsClosing)
            return null;
        log.LogDebug("{Peer} sends too much, a message is refused: {Reason}", name, why.Reason);
        return message switch
        {
            RpcMessage.Call { Id: { } id } => RpcEncoder.Error(id, why),
            RpcMessage.Invalid invalid => RpcEncoder.Error(invalid.Id, why),
            _ => null,
        };
    }

    private bool Enqueue(byte[] frame)
    {
        if (outgoing.Writer.TryWrite(frame))
            return true;
        if (IsClosing)
            return false;
        log.LogWarning("{Peer} does not read what it is sent", name);
        Close(TooMany, new RpcErrorData("slow_consumer", Retryable: true, (int)options.RetryAfter.TotalMilliseconds));
        return false;
    }

    private async Task Send()
    {
        try
        {
            await foreach (var frame in outgoing.Reader.ReadAllAsync())
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived && Volatile.Read(ref closed) is { } how)
                await socket.CloseOutputAsync(Sendable(how), how.Reason, CancellationToken.None);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    /// <summary>1005 and 1006 only describe a close, they never travel.</summary>
    private static WebSocketCloseStatus Sendable(PeerClosed how) => how.Code is NoCode or Broken ? WebSocketCloseStatus.NormalClosure : (WebSocketCloseStatus)how.Code;
}
