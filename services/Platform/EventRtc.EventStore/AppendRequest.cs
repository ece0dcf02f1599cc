using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>One caller's append on its way through the <see cref="AppendQueue"/>.</summary>
internal sealed class AppendRequest
{
    private readonly TaskCompletionSource<AppendResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int taken;

    public AppendRequest(StreamId stream, StreamTip expected, IReadOnlyList<NewEvent> events, EventHeaders headers)
    {
        Stream = stream;
        Expected = expected.Version;
        Events = events;
        Headers = headers;
        HeaderSets = Prove(expected);
    }

    public StreamId Stream { get; }

    public long Expected { get; }

    public IReadOnlyList<NewEvent> Events { get; }

    public EventHeaders Headers { get; }

    /// <summary>Each event's headers with its proof, as JSON in UTF-8.</summary>
    public byte[][] HeaderSets { get; }

    /// <summary>The stream's end once the events stand there.</summary>
    public StreamTip Tip { get; private set; }

    public Task<AppendResult> Answer => answer.Task;

    /// <summary>Whoever calls first has it: the queue to execute it, or a caller who gives up. Then the other one gets false.</summary>
    public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;

    public void Complete(AppendResult result) => answer.TrySetResult(result);

    public void Fail(Exception fault) => answer.TrySetException(fault);

    public void Cancel(CancellationToken ct) => answer.TrySetCanceled(ct);

    private byte[][] Prove(StreamTip expected)
    {
        var sets = new byte[Events.Count][];
        var tip = expected;
        for (var i = 0; i < sets.Length; i++)
        {
            var e = Events[i];
            using var body = JsonDocument.Parse(e.Json);
            var salt = EventHash.HasSecrets(body.RootElement) ? EventHash.NewSalt() : null;
            var hash = EventHash.Of(Stream.Value, tip.Version + 1, e.Id, e.Type, e.At, Headers, body.RootElement, tip.Hash, salt);
            sets[i] = HeadersJson.Write(Headers, new EventProof(hash, tip.Hash, salt));
            tip = new StreamTip(tip.Version + 1, hash);
        }
        Tip = tip;
        return sets;
    }
}
