using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>Each stored event carries the hash of its content and of what stood before it.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class ProofTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PostgresEventStore store = null!;

    public async ValueTask InitializeAsync() => store = await postgres.NewStore();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Events_of_a_stream_form_a_chain()
    {
        var tip = StreamTip.None;
        for (var i = 0; i < 5; i++)
        {
            var command = Guid.NewGuid();
            tip = Assert.IsType<AppendResult.Appended>(await store.Append(Sample.Lobby, tip, Sample.Events(command, 2), Sample.Headers(command))).Tip;
        }

        var stored = await store.ReadStream(Sample.Lobby);
        Assert.Equal(tip, stored[^1].Tip);
        Assert.All(stored, e => Assert.Equal(EventHash.Of(e), e.Proof!.Hash));
        Assert.Equal(stored.Select(e => e.Proof!.Hash).SkipLast(1).Prepend(null), stored.Select(e => e.Proof!.PreviousHash));
    }

    [Fact]
    public async Task Only_an_event_with_a_secret_has_a_salt_and_each_its_own()
    {
        await Append("""{"pin":"abc123"}""");
        await Append("""{"pin":"abc123"}""");
        await Append("""{"number":1}""");

        var salts = (await store.ReadStream(Sample.Lobby)).Select(e => e.Proof!.Salt).ToArray();
        Assert.Null(salts[2]);
        Assert.Equal(2, salts[..2].Distinct().Count(salt => salt is { Length: 32 }));
    }

    [Fact]
    public async Task Times_are_hashed_as_they_are_kept()
    {
        var command = Guid.NewGuid();
        var fine = new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(1234567);

        await store.Append(Sample.Lobby, StreamTip.None, [Sample.Events(command)[0] with { At = fine }], Sample.Headers(command));

        var stored = Assert.Single(await store.ReadStream(Sample.Lobby));
        Assert.Equal(fine.AddTicks(-7), stored.At);
        Assert.Equal(EventHash.Of(stored), stored.Proof!.Hash);
    }

    private async Task Append(string body)
    {
        var command = Guid.NewGuid();
        var events = await store.ReadStream(Sample.Lobby);
        await store.Append(Sample.Lobby, events is [.., var last] ? last.Tip : StreamTip.None, [Sample.Events(command)[0] with { Json = body }], Sample.Headers(command));
    }
}
