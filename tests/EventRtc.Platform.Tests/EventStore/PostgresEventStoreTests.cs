using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

[Collection(nameof(PostgresCollection))]
public sealed class PostgresEventStoreTests(PostgresFixture postgres) : EventStoreContract
{
    protected override Task<PostgresEventStore> NewStore() => postgres.NewStore();
}
