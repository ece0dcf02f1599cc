namespace EventRtc.EventStore;

/// <summary>More appends come in than PostgreSQL takes. This one was not executed; try again later.</summary>
/// <param name="waiting">How many wait.</param>
public sealed class EventStoreBusyException(int waiting) : Exception($"{waiting} appends wait already.");
