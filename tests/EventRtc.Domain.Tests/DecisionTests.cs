namespace EventRtc.Domain.Tests;

public sealed class DecisionTests
{
    [Fact]
    public void Decisions_are_equal_when_their_events_are()
    {
        Assert.Equal(Decision<string>.All("a", "b"), Decision<string>.All("a", "b"));
        Assert.Equal(Decision<string>.All("a", "b").GetHashCode(), Decision<string>.All("a", "b").GetHashCode());
        Assert.NotEqual(Decision<string>.All("a", "b"), Decision<string>.All("b", "a"));
        Assert.Equal(Decision<string>.Nothing, Decision<string>.All());
    }

    [Fact]
    public void One_event_is_a_decision() => Assert.Equal(Decision<string>.All("a"), "a");

    [Fact]
    public void A_rejection_is_a_decision()
    {
        var why = new Rejection(RejectionKind.Conflict, "room_full", "All places are taken.");
        Decision<string> refused = why;
        Assert.Equal(why, Assert.IsType<Decision<string>.Refused>(refused).Why);
    }

    [Fact]
    public void Every_refusal_of_a_room_has_a_code_of_its_own()
    {
        var all = typeof(RoomRejections).GetProperties().Select(property => (Rejection)property.GetValue(null)!).ToList();
        Assert.Equal(all.Count, all.Select(why => why.Code).Distinct().Count());
        Assert.All(all, why => Assert.Matches("^[a-z]+(_[a-z]+)*$", why.Code));
        Assert.Equal([RoomRejections.NoCapacity, RoomRejections.Degraded], all.Where(why => why.Retryable));
    }
}
