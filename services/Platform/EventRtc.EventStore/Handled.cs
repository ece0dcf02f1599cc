using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>Who gives a command, and under which id. A repeated command comes with the same id and gets the same answer.</summary>
/// <param name="CommandId">Names the command among all that go to one stream.</param>
/// <param name="Actor">See <see cref="EventHeaders"/>.</param>
public sealed record CommandContext(Guid CommandId, string Actor, string CorrelationId);

/// <summary>What became of a command: <see cref="Done"/> or <see cref="Refused"/>.</summary>
public abstract record Handled<TState>
{
    private Handled() { }

    /// <param name="State">The state after this command's own events, whatever followed them.</param>
    /// <param name="Version">The stream's version in that state.</param>
    /// <param name="Appended">The command has events in the stream, from this call or an earlier one; false when it decided to nothing.</param>
    public sealed record Done(TState State, long Version, bool Appended) : Handled<TState>;

    public sealed record Refused(Rejection Why) : Handled<TState>;
}
