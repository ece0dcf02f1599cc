using System.Text;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>An event to append.</summary>
/// <param name="Id">Derived from the command, see <see cref="EventId"/>: a repeated append is recognised by it.</param>
/// <param name="Type">The stored name, snake_case, at most 500 characters: <c>room_created</c>.</param>
/// <param name="DotNetType">The record's full name and assembly, as Marten resolves it: <c>Namespace.Outer+Inner, Assembly</c>.</param>
/// <param name="Json">The body, camelCase. The store keeps its meaning, not its bytes.</param>
/// <param name="At">When it happened; kept to the microsecond, what is finer is cut off.</param>
public sealed record NewEvent(Guid Id, string Type, string DotNetType, string Json, DateTimeOffset At)
{
    public DateTimeOffset At { get; init => field = ToMicroseconds(value); } = ToMicroseconds(At);

    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}

/// <summary>An event as it stands in the store.</summary>
/// <param name="Position">Its place among all events.</param>
/// <param name="Version">Its place in its stream, from 1 upwards without gaps.</param>
/// <param name="Json">The body, camelCase; the order of its fields is PostgreSQL's.</param>
/// <param name="Proof">Null for an event from before events were hashed, or by another program.</param>
public sealed record RecordedEvent(
    Position Position, StreamId Stream, long Version, Guid Id, string Type, string Json, DateTimeOffset At, EventHeaders Headers, EventProof? Proof = null)
{
    /// <summary>An operator decided that it is left out wherever its stream is folded, see <see cref="ParkedEvents"/>. Told by <see cref="PostgresEventStore.ReadStream"/> alone.</summary>
    public bool Skipped { get; init; }

    /// <summary>The end of the stream when this is its last event.</summary>
    public StreamTip Tip => new(Version, Proof?.Hash);

    /// <exception cref="NotSupportedException">The family has no event of this type.</exception>
    public TEvent Decode<TEvent>() where TEvent : class => (TEvent)EventTypes.Of<TEvent>().Decode(Type, Encoding.UTF8.GetBytes(Json));
}

/// <summary>Who caused an event, and on what errand.</summary>
/// <param name="Actor">A user, an operator or a module: <c>user:…</c>, <c>janus:j1</c>, <c>housekeeping</c>.</param>
/// <param name="CommandId">The command whose decision this is. All events of one decision share it.</param>
/// <param name="CorrelationId">The request or errand across services.</param>
/// <param name="Traceparent">W3C trace context; null when the command was not traced.</param>
public sealed record EventHeaders(string Actor, Guid CommandId, string CorrelationId, string? Traceparent = null);

/// <summary>What became of an append: <see cref="Appended"/> or <see cref="VersionConflict"/>.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>The events stand in the store, from this call or from an earlier one with the same event ids.</summary>
    /// <param name="Version">The version of the last of them.</param>
    /// <param name="Last">The position of the last of them.</param>
    /// <param name="Repeated">An earlier call appended them: what stands there are its bodies and its headers.</param>
    public sealed record Appended(long Version, Position Last, bool Repeated = false) : AppendResult
    {
        /// <summary>The stream's end after this append, to go on from; <see cref="StreamTip.None"/> when it was repeated, for then only the store knows.</summary>
        public StreamTip Tip { get; init; }
    }

    /// <summary>Nothing was appended: somebody else was faster. Read again, decide again.</summary>
    /// <param name="Actual">The stream's version; 0 when it has no events.</param>
    public sealed record VersionConflict(long Actual) : AppendResult;
}
