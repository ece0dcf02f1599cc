namespace EventRtc.Domain.Tests.Rooms;

/// <summary>Given what happened, when a command comes, then this is recorded.</summary>
internal static class Given
{
    public static Scenario Nothing() => new([], RoomDecider.Initial);

    public static Scenario History(params RoomEvent[] history) => new(history, Fold(history));

    public static RoomState Fold(IEnumerable<RoomEvent> history) => history.Aggregate(RoomDecider.Initial, RoomDecider.Evolve);
}

internal sealed record Scenario(RoomEvent[] History, RoomState State)
{
    public Outcome When(RoomCommand command) => new(this, command, RoomDecider.Decide(State, command));

    /// <summary>A refusal on the way; the room goes on as it was.</summary>
    public Scenario WhenRefused(RoomCommand command, Rejection why)
    {
        When(command).ThenRefused(why);
        return this;
    }
}

internal sealed record Outcome(Scenario Before, RoomCommand Command, Decision<RoomEvent> Decision)
{
    /// <summary>Just these events, and a repeat of the command records nothing more: retries are safe.</summary>
    public Scenario Then(params RoomEvent[] expected)
    {
        Assert.Equal(Decision<RoomEvent>.All(expected), Decision);
        var after = Given.History([.. Before.History, .. expected]);
        Assert.Equal(Decision<RoomEvent>.Nothing, RoomDecider.Decide(after.State, Command));
        return after;
    }

    public void ThenNothing() => Assert.Equal(Decision<RoomEvent>.Nothing, Decision);

    public void ThenRefused(Rejection why) => Assert.Equal(new Decision<RoomEvent>.Refused(why), Decision);
}
