using System.Text.Json;
using EventRtc.Domain;
using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore.Hashing;

public sealed class EventHashTests
{
    private static readonly RecordedEvent Created = new(
        new Position(7), Sample.Lobby, 3, Guid.Parse("11111111-2222-5333-8444-555555555555"), "room_created", """{"room":"lobby","pin":"abc123","maxAnchors":3}""",
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero),
        new EventHeaders("user:ada", Guid.Parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"), "errand-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        new EventProof("", new string('a', 64), new string('5', 32)));

    /// <summary>Worked out apart from this code, by the description of <see cref="EventHash"/>.</summary>
    [Fact]
    public void A_hash_stays_what_it_was() => Assert.Equal("a06b89fc1741aa9a0bfb91b82b737a2edcc4e3d66b6f69c27e4d6c79edab392a", EventHash.Of(Created));

    [Fact]
    public void Spelling_and_position_do_not_matter() =>
        Assert.Equal(EventHash.Of(Created), EventHash.Of(Created with { Position = new Position(8), Json = """{ "maxAnchors": 3, "pin": "abc123", "room": "lobby" }""" }));

    [Fact]
    public void Everything_else_does()
    {
        var later = Created.At.AddMicroseconds(1);
        RecordedEvent[] changed =
        [
            Created with { Stream = new StreamId("room-lobby2") }, Created with { Version = 4 }, Created with { Id = Guid.Empty }, Created with { Type = "room_deleted" }, Created with { At = later },
            Created with { Json = """{"room":"lobby","pin":"abc124","maxAnchors":3}""" }, Created with { Json = """{"room":"lobby","pin":"abc123","maxAnchors":"3"}""" },
            Created with { Headers = Created.Headers with { Actor = "user:bob" } }, Created with { Headers = Created.Headers with { CommandId = Guid.Empty } },
            Created with { Headers = Created.Headers with { CorrelationId = "" } }, Created with { Headers = Created.Headers with { Traceparent = null } },
            Created with { Proof = Created.Proof! with { PreviousHash = null } }, Created with { Proof = Created.Proof! with { Salt = null } },
        ];

        Assert.Equal(changed.Length + 1, changed.Append(Created).Select(EventHash.Of).Distinct().Count());
    }

    [Fact]
    public void Whoever_may_not_see_a_secret_can_still_check_the_hash()
    {
        using var whole = JsonDocument.Parse(Created.Json);
        using var masked = JsonDocument.Parse($$"""{"room":"lobby","pin":"{{SecretFields.Mask}}","maxAnchors":3}""");
        var commitments = EventHash.Commitments(whole.RootElement, Created.Proof!.Salt);

        Assert.Equal(["pin"], commitments.Keys);
        Assert.Equal(EventHash.Of(Created), EventHash.Of(
            Created.Stream.Value, Created.Version, Created.Id, Created.Type, Created.At, Created.Headers, masked.RootElement, Created.Proof.PreviousHash, salt: null, commitments));
    }

    [Fact]
    public void A_digest_stays_what_it_was_and_tells_the_order()
    {
        var (there, back) = (new LogDigest(), new LogDigest());
        there.Add(new Position(1), new string('1', 64));
        there.Add(new Position(3), new string('2', 64));
        back.Add(new Position(1), new string('2', 64));
        back.Add(new Position(3), new string('1', 64));

        Assert.Equal((2, new Position(3), "ddd446dda801eed8ed2c72c5883719002a92decfa843cce92a4cf832bd318add"), (there.Count, there.Last, there.Value));
        Assert.NotEqual(there.Value, back.Value);
        Assert.Throws<FormatException>(() => there.Add(new Position(4), "abc"));
    }
}
