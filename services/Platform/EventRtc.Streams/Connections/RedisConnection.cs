using System.Buffers;
using EventRtc.Streams.Protocol;

namespace EventRtc.Streams.Connections;

/// <summary>
/// One open connection that many callers share: commands go out in the order of the calls, answers come back in the same order.
/// The first caller writes to the network, those who come meanwhile ride along with the next write.
/// </summary>
/// <param name="push">Takes what arrives without having been asked for (pub/sub messages) and returns true; null when nothing can.</param>
internal sealed class RedisConnection(Stream stream, RedisOptions options, TimeProvider time, Func<RedisResult, bool>? push)
{
    private const int KeptBuffer = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<RedisCall> inFlight = new();
    private readonly RespReader reader = new(stream, time);
    private readonly TaskCompletionSource<Exception> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> filling = new();
    private ArrayBufferWriter<byte> sending = new();
    private int unsent;      // the last so many of inFlight are still in `filling`
    private bool writing;

    public bool IsOpen => !closed.Task.IsCompleted;

    /// <summary>Completes with the reason when the connection has ended.</summary>
    public Task<Exception> Closed => closed.Task;

    /// <summary>Begins to receive and to watch deadlines.</summary>
    public void Start()
    {
        _ = Receive();
        _ = Watch();
    }

    /// <summary>Queues a command; null when the connection has ended and the command was not sent.</summary>
    /// <exception cref="RedisQueueFullException">Too many calls wait already.</exception>
    public RedisCall? TrySend(RedisValue[] command, long deadline)
    {
        var call = new RedisCall(deadline);
        lock (gate)
        {
            if (!IsOpen)
                return null;
            if (inFlight.Count >= options.QueueLimit)
                throw new RedisQueueFullException($"Redis at {options.Address}: {options.QueueLimit} calls wait already");
            RespWriter.Write(filling, command);
            inFlight.Enqueue(call);
            unsent++;
            if (writing)
                return call;
            writing = true;
        }

        _ = Write();
        return call;
    }

    /// <summary>Ends the connection; calls without an answer fail and tell whether they were on their way.</summary>
    public void Close(Exception why)
    {
        RedisCall[] lost;
        int onTheirWay;
        lock (gate)
        {
            if (!closed.TrySetResult(why))
                return;
            lost = [.. inFlight];
            onTheirWay = lost.Length - unsent;
            inFlight.Clear();
        }

        stream.Dispose();
        for (var i = 0; i < lost.Length; i++)
            lost[i].Fail(Lost(mayHaveExecuted: i < onTheirWay, why));
    }

    private async Task Write()
    {
        try
        {
            while (true)
            {
                lock (gate)
                {
                    writing = IsOpen && filling.WrittenCount > 0;
                    if (!writing)
                        return;
                    (filling, sending) = (sending, filling);
                    unsent = 0;
                }

                await stream.WriteAsync(sending.WrittenMemory);
                if (sending.Capacity > KeptBuffer)
                    sending = new();
                else
                    sending.ResetWrittenCount();

                // Frees the caller whose thread wrote, and lets others queue up for the next write: with 64 in flight about three times the throughput.
                await Task.Yield();
            }
        }
        catch (Exception e)
        {
            Close(e);
        }
    }

    private async Task Receive()
    {
        try
        {
            while (true)
            {
                var answer = await reader.Read();
                if (push?.Invoke(answer) == true)
                    continue;
                RedisCall? call;
                lock (gate)
                    inFlight.TryDequeue(out call);
                (call ?? throw new InvalidDataException("an answer that nobody asked for")).Complete(answer);
            }
        }
        catch (Exception e)
        {
            Close(e);
        }
    }

    private async Task Watch()
    {
        var period = Math.Clamp(options.CommandTimeout.TotalMilliseconds / 20, 10, 250);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(period), time);
        while (await timer.WaitForNextTickAsync() && IsOpen)
            Sweep();
    }

    private void Sweep()
    {
        var now = time.GetTimestamp();
        var late = false;
        lock (gate)
        {
            foreach (var call in inFlight)
            {
                if (call.Deadline > now)
                    continue;
                late = true;
                if (!call.Task.IsCompleted)
                    call.Fail(new RedisTimeoutException($"Redis at {options.Address} did not answer in time", mayHaveExecuted: true));
            }
        }

        // Answers that are late but still coming keep the connection; silence ends it, so that a dead peer or a lost network is noticed.
        if (late && time.GetElapsedTime(reader.LastReceived, now) >= options.CommandTimeout)
            Close(new TimeoutException($"no byte came for {options.CommandTimeout.TotalSeconds:0.###} s"));
    }

    private RedisConnectionException Lost(bool mayHaveExecuted, Exception why) => new(
        $"Redis at {options.Address}: the connection ended ({why.Message}); the command {(mayHaveExecuted ? "may have been executed" : "was not sent")}",
        mayHaveExecuted, why);
}
