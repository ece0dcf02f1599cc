using EventRtc.Local;

namespace EventRtc.Benchmarks.Faults;

/// <summary>What all of a stage hear while something happens.</summary>
internal sealed class Observation(FaultStage stage, Listening listening) : IAsyncDisposable
{
    /// <summary>Sound that was spoken at the end is at the listeners after so many segments more.</summary>
    private const int Delay = 4;

    private Heard? adas, graces;

    /// <summary>What Ada heard, and Grace.</summary>
    public Heard Ada => adas!;

    public Heard Grace => graces!;

    public Listening Listening => listening;

    /// <summary>The longest time that the two did not hear each other, in milliseconds.</summary>
    public double AnchorsSilence => Math.Max(Ada.LongestSilence.TotalMilliseconds, Grace.LongestSilence.TotalMilliseconds);

    /// <summary>Returns at no particular moment of a segment.</summary>
    public static async Task<Observation> Begin(FaultStage stage)
    {
        var listening = await Listening.Begin(stage.Rooms, stage.Room);
        await stage.AdasEar.Begin();
        await stage.GracesEar.Begin();
        await Task.Delay(TimeSpan.FromSeconds(Random.Shared.NextDouble()));
        return new Observation(stage, listening);
    }

    /// <summary>Ends when all have heard for a while what comes now.</summary>
    /// <exception cref="TimeoutException">They do not hear anything.</exception>
    public async Task End()
    {
        await AnchorsHear();
        await listening.Gets(Delay, FaultStage.Patience);
        (adas, graces) = (await stage.AdasEar.End(), await stage.GracesEar.End());
        await listening.End();
    }

    /// <summary>Waits until the anchors hear each other without a break.</summary>
    /// <param name="anew">By another peer connection than those; null for any.</param>
    public Task AnchorsHear((int Ada, int Grace)? anew = null) => Eventually.True(
        async () => (anew is not { } before || (await stage.AdasEar.Track() > before.Ada && await stage.GracesEar.Track() > before.Grace))
            && await stage.AdasEar.HearsFor(TimeSpan.FromSeconds(1)) && await stage.GracesEar.HearsFor(TimeSpan.FromSeconds(1)),
        FaultStage.Patience, "the anchors hear each other");

    public async Task<(int Ada, int Grace)> Tracks() => (await stage.AdasEar.Track(), await stage.GracesEar.Track());

    /// <summary>When both have heard each other again.</summary>
    public DateTimeOffset AnchorsAgain(DateTimeOffset since) => Ada.AgainAfter(since) is var ada && Grace.AgainAfter(since) is var grace && ada > grace ? ada : grace;

    /// <summary>The longest time that a listener hears nothing, or misses, in milliseconds.</summary>
    public async Task<double> ListenersSilence() => Math.Max((await Missed()).AtOnce.TotalMilliseconds, Player.LongestStall(listening.Segments).TotalMilliseconds);

    public Task<Missed> Missed() => Faults.Missed.From(listening.Segments);

    public ValueTask DisposeAsync() => listening.DisposeAsync();
}
