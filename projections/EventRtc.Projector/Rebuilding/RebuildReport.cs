namespace EventRtc.Projector;

/// <summary>What a rebuild changed, or would change.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Rooms">Rooms with events, deleted ones included.</param>
public sealed record RebuildReport(bool DryRun, long Events, long Rooms)
{
    /// <summary>Keys listed by name; all are counted.</summary>
    public const int Listed = 1000;

    private readonly List<ChangedKey> keys = [];

    /// <summary>Rooms of which a key was changed.</summary>
    public int RoomsChanged { get; private set; }

    /// <summary>Modules of which a key was changed.</summary>
    public int ModulesChanged { get; private set; }

    public int Created { get; private set; }

    public int Changed { get; private set; }

    public int Deleted { get; private set; }

    /// <summary>The first <see cref="Listed"/> changed keys.</summary>
    public IReadOnlyList<ChangedKey> Keys => keys;

    /// <summary>Takes note of what became of one room's keys.</summary>
    internal void Add(IReadOnlyList<KeyChange> changes)
    {
        RoomsChanged += changes.Count > 0 ? 1 : 0;
        Count(changes);
    }

    /// <summary>Likewise of one module's.</summary>
    internal void AddModule(IReadOnlyList<KeyChange> changes)
    {
        ModulesChanged += changes.Count > 0 ? 1 : 0;
        Count(changes);
    }

    private void Count(IReadOnlyList<KeyChange> changes)
    {
        foreach (var change in changes)
        {
            Created += change.Kind is KeyChangeKind.Created ? 1 : 0;
            Changed += change.Kind is KeyChangeKind.Changed ? 1 : 0;
            Deleted += change.Kind is KeyChangeKind.Deleted ? 1 : 0;
            if (keys.Count < Listed)
                keys.Add(new(change.Kind.ToString().ToLowerInvariant(), change.Key));
        }
    }

    /// <param name="What">created, changed or deleted.</param>
    public sealed record ChangedKey(string What, string Key);
}
