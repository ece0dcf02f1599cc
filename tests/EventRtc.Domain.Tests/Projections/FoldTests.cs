using EventRtc.Projections;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Projections;

/// <summary>A fold goes as far as the events can be read.</summary>
public sealed class FoldTests
{
    private static readonly (string Type, string Body) Unknown = ("room_of_tomorrow", "{}");
    private static readonly (string Type, string Body) Broken = ("removal_requested", """{"room":"studio-1","reason":null}""");

    [Fact]
    public void Readable_events_are_folded_to_the_last() => Assert.Equal((RoomViews.Fold(Flowing), 5), Seen(Fold(Flowing.Select(Stored))));

    [Fact]
    public void It_stops_before_an_event_of_an_unknown_type()
    {
        var fold = Fold([.. Flowing.Select(Stored), Unknown, Stored(RemovalAsked)]);

        Assert.Equal((RoomViews.Fold(Flowing) with { Degraded = new(106, 6, "room_of_tomorrow", "This program knows no such event.") }, 5), Seen(fold));
        Assert.True(fold.Degraded);
    }

    [Fact]
    public void It_stops_before_a_broken_body_and_says_where_it_is_broken()
    {
        var fold = Fold([.. Flowing.Select(Stored), Broken]);

        Assert.Equal("The body is not that of such an event, at $.reason.", fold.Views.Degraded?.Reason);
        Assert.Equal(5, fold.Version);
    }

    [Fact]
    public void A_skipped_event_is_left_out_whether_it_can_be_read_or_not()
    {
        var (unknown, readable) = (Fold([.. Flowing.Select(Stored), Unknown], skipped: 6), Fold([.. Flowing.Select(Stored), Stored(RemovalAsked)], skipped: 6));

        Assert.All([unknown, readable], fold => Assert.Equal((RoomViews.Fold(Flowing), 6), Seen(fold)));
    }

    [Fact]
    public void A_second_unreadable_event_degrades_the_room_again() =>
        Assert.Equal(107, Fold([.. Flowing.Select(Stored), Unknown, Broken], skipped: 6).Views.Degraded?.Position);

    [Fact]
    public void A_room_may_begin_degraded() =>
        Assert.Equal((RoomViews.Empty with { Degraded = new(101, 1, "room_of_tomorrow", "This program knows no such event.") }, 0), Seen(Fold([Unknown, Stored(Created)])));

    [Fact]
    public void Folding_on_gives_what_folding_from_the_start_gives()
    {
        var begun = Fold(Flowing.Select(Stored));
        var on = new RoomFold(begun.Views, begun.Version);
        Take(on, 6, Stored(RemovalAsked));

        Assert.Equal(Seen(Fold(Removing.Select(Stored))), Seen(on));
    }

    [Theory]
    [InlineData("room-studio-1", true, true)]
    [InlineData("room-x", false, false)]
    [InlineData("room-", false, false)]
    [InlineData("rooms-studio-1", false, false)]
    [InlineData("janus-j1", false, true)]
    [InlineData("mixer-m1", false, true)]
    [InlineData("audit-exports", false, true)]
    [InlineData("order-17", false, false)]
    [InlineData("room", false, false)]
    [InlineData("", false, false)]
    public void A_streams_name_says_whose_it_is(string stream, bool room, bool known) =>
        Assert.Equal((room, known), (StreamNames.RoomOf(stream) is not null, StreamNames.IsKnown(stream)));

    private static RoomFold Fold(IEnumerable<(string Type, string Body)> events, long skipped = 0)
    {
        var fold = new RoomFold();
        foreach (var (n, e) in events.Index())
            Take(fold, n + 1, e, skipped);
        return fold;
    }

    private static void Take(RoomFold fold, long version, (string Type, string Body) e, long skipped = 0) =>
        fold.Take(100 + version, version, e.Type, System.Text.Encoding.UTF8.GetBytes(e.Body), skipped == version);

    private static (string Type, string Body) Stored(RoomEvent happened) =>
        (EventTypes.Of<RoomEvent>().NameOf(happened), System.Text.Encoding.UTF8.GetString(EventTypes.Encode(happened)));

    private static (RoomViews Views, long Version) Seen(RoomFold fold) => (fold.Views, fold.Version);
}
