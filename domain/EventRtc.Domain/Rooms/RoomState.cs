namespace EventRtc.Domain;

/// <summary>What the events of one room's stream amount to.</summary>
public abstract record RoomState
{
    private RoomState() { }

    /// <summary>The id is free.</summary>
    /// <param name="DeletedAt">The end of the last room of this id; by it the command that ended it is known again. Null: there was none.</param>
    public sealed record Vacant(DateTimeOffset? DeletedAt = null) : RoomState;

    /// <summary>The room is there, on air or not.</summary>
    public abstract record Existing(RoomId Id, string Pin, int MaxAnchors, DateTimeOffset CreatedAt, Anchors Anchors) : RoomState
    {
        /// <summary>Admitted as a host to this very room, whether there or not.</summary>
        public bool IsHost(UserId user) => Anchors.Find(user) is { Role: Role.Host };
    }

    /// <summary>Not started.</summary>
    public sealed record Created(RoomId Id, string Pin, int MaxAnchors, DateTimeOffset CreatedAt, Anchors Anchors)
        : Existing(Id, Pin, MaxAnchors, CreatedAt, Anchors);

    /// <summary>A Janus and a mixer hold the room.</summary>
    public abstract record Assigned : Existing
    {
        private protected Assigned(Existing room, LiveSession live) : base(room) => Live = live;

        public LiveSession Live { get; init; }
    }

    public sealed record OnAir : Assigned
    {
        internal OnAir(Created room, LiveSession live) : base(room, live) { }
    }

    /// <summary>Waits until both modules have let go of the room.</summary>
    public sealed record Removing : Assigned
    {
        internal Removing(OnAir room, DateTimeOffset requestedAt, DateTimeOffset discardAt) : base(room, room.Live) => (RequestedAt, DiscardAt) = (requestedAt, discardAt);

        public DateTimeOffset RequestedAt { get; init; }

        /// <summary>When it need not wait any longer.</summary>
        public DateTimeOffset DiscardAt { get; init; }

        public bool JanusDestroyed { get; init; }

        public bool MixerReleased { get; init; }
    }
}
