using System.Collections.Concurrent;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.Extensions.Logging;

namespace EventRtc.Projector;

/// <summary>
/// Takes events from Redis and writes what they make of their rooms and modules to etcd. Any number may run: Redis gives each event to one of them, and takes it
/// away again when it is not acknowledged in time. An event is acknowledged when its room or module shows it, or when it is parked; until then it is only ever late, never lost.
/// </summary>
/// <param name="consumer">Names this replica in the group; the same after a restart, so that it finds its own unfinished events at once.</param>
public sealed class ViewProjector(
    EventStreams streams, CatchUp catchUp, RoomProjection projection, ModuleProjection modules, ParkedEvents parked, ProjectorOptions options, string consumer, TimeProvider clock, ILogger<ViewProjector> log)
{
    private const string ForeignReason = "The stream is of no family that this program knows.";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="RedisException">Redis is away, or has lost its streams: run it again.</exception>
    /// <exception cref="EtcdException">etcd is away: run it again.</exception>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        await streams.CreateGroups(ct);
        await foreach (var missed in catchUp.Read(ct))
            await Project([missed], ct);
        await ProjectOwn(ct);
        while (true)
        {
            await foreach (var abandoned in streams.ReadAbandoned(consumer, ct))
                await Project([abandoned], ct);
            var looked = clock.GetTimestamp();
            while (options.ReclaimAfter / 2 - clock.GetElapsedTime(looked) is { Ticks: > 0 } left)
                await Project(await streams.ReadNew(consumer, left, ct), ct);
        }
    }

    /// <summary>What this replica had got when it ended.</summary>
    private async Task ProjectOwn(CancellationToken ct)
    {
        IReadOnlyList<StreamPosition> after = [.. streams.Keys.Select(key => new StreamPosition(key, StreamPosition.Beginning))];
        while (await streams.ReadOwn(consumer, after, ct) is var own && own.Any(stream => stream.Entries.Count > 0))
        {
            await Project(own, ct);
            after = [.. own.Where(stream => stream.Entries.Count > 0).Select(stream => new StreamPosition(stream.Key, stream.Entries[^1].Id))];
        }
    }

    private async Task Project(IReadOnlyList<RedisStream> streamed, CancellationToken ct)
    {
        var done = new ConcurrentBag<Delivery>();
        try
        {
            var deliveries = streamed.SelectMany(Deliveries).GroupBy(delivery => delivery.Event?.Stream.Value).ToList();
            if (deliveries is [var only])
                await ProjectOne(only, ct); // as a rule, when little happens: at once, without a way over other threads
            else
                await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = ct }, ProjectOne);
        }
        finally
        {
            ProjectorMetrics.Projected(done.Count);
            foreach (var partition in done.GroupBy(delivery => delivery.Key))
                await streams.Acknowledge(partition.Key, [.. partition.Select(delivery => delivery.Entry)], CancellationToken.None);
        }

        async ValueTask ProjectOne(IGrouping<string?, Delivery> stream, CancellationToken token)
        {
            if (stream.Key is not { } name || await TryProject(name, stream.Select(delivery => delivery.Event!), token))
                foreach (var delivery in stream)
                    done.Add(delivery);
        }
    }

    /// <returns>False when something is wrong with this stream: its events stay with this replica and are tried again later, while others go on.</returns>
    private async Task<bool> TryProject(string stream, IEnumerable<RecordedEvent> events, CancellationToken ct)
    {
        using var span = ProjectorTracing.Project(stream, events);
        var started = clock.GetTimestamp();
        using var ids = log.BeginScope(new EventIds(stream, events.Last())); // of the one that the views are brought to
        try
        {
            if (StreamNames.RoomOf(stream) is { } room)
                await projection.Apply(room, events, ct);
            else if (StreamNames.ModuleOf(stream) is { } module)
                await modules.Refresh(module, ct);
            else if (!StreamNames.IsKnown(stream))
                await ParkForeign(events, ct);
            ProjectorMetrics.Shown(clock.GetElapsedTime(started), clock.GetUtcNow() - events.First().At);
            if (log.IsEnabled(LogLevel.Debug))
                log.LogDebug("{Stream} is shown up to version {Version}", stream, events.Max(e => e.Version));
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !IsOutage(failure))
        {
            ProjectorMetrics.RoomFailed();
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, failure.GetType().Name);
            log.LogError(failure, "The views of {Stream} could not be written; trying again in {Delay}", stream, options.ReclaimAfter);
            return false;
        }
    }

    /// <summary>Another program may write into the tables of events: what no family of ours would write is set aside for an operator.</summary>
    private async Task ParkForeign(IEnumerable<RecordedEvent> events, CancellationToken ct)
    {
        foreach (var e in events)
        {
            log.LogWarning("The event at {Position} in stream '{Stream}' is of no family known here; it is parked", e.Position, e.Stream);
            await parked.Park(new ParkedEvent(e.Position, e.Stream, e.Version, e.Type, ForeignReason, clock.GetUtcNow()), ct);
        }
    }

    /// <summary>Nothing can go on: the loop ends and starts again after a pause.</summary>
    private static bool IsOutage(Exception failure) => failure is
        EventStoreUnavailableException or
        EtcdException { StatusCode: not (StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange) };

    private IEnumerable<Delivery> Deliveries(RedisStream stream) => stream.Entries.Select(entry => Read(stream.Key, entry));

    /// <summary>What is none of our entries, or was trimmed away, is acknowledged and nothing else.</summary>
    private Delivery Read(string key, StreamEntry entry)
    {
        try
        {
            return new Delivery(key, entry.Id, entry.Values.Count == 0 ? null : EventEntry.Read(entry));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            log.LogError("Entry {Entry} of {Stream} is none of ours: {Reason}", entry.Id, key, fault.Message);
            return new Delivery(key, entry.Id, null);
        }
    }

    private sealed record Delivery(string Key, string Entry, RecordedEvent? Event);
}
