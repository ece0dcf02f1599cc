using EventRtc.EventStore;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>An event that nobody can read, appended to a stream.</summary>
internal static class Poison
{
    /// <returns>Its position, once the projector has parked it.</returns>
    public static async Task<long> Into(ControlPlane plane, Api projector, string stream)
    {
        await using var store = new PostgresEventStore(
            new EventStoreOptions { Dsn = plane.Deployment.Postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        var (id, command) = (new StreamId(stream), Guid.NewGuid());
        var poison = new NewEvent(command, "event_of_tomorrow", "A, B", "{}", TimeProvider.System.GetUtcNow());
        var appended = Assert.IsType<AppendResult.Appended>(await store.Append(id, (await store.ReadStream(id))[^1].Tip, [poison], new EventHeaders("test", command, "test")));
        await Eventually.True(
            async () => (await projector.Get("/api/parked")).Body.Items("parked").Any(parked => parked.GetProperty("position").GetInt64() == appended.Last.Value), ControlPlane.Patience, "it is parked");
        return appended.Last.Value;
    }
}
