using EventRtc.Mixer.Rooms;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

public sealed class RestartPausesTests
{
    private readonly Clock clock = new();
    private readonly RestartPauses pauses;

    public RestartPausesTests() => pauses = new RestartPauses(clock);

    [Fact]
    public void A_run_that_was_well_is_followed_by_the_next_at_once()
    {
        Run(seconds: 60);
        Assert.True(pauses.Left <= TimeSpan.Zero);
        Assert.Equal(0, pauses.Failures);
    }

    [Fact]
    public void Short_runs_pause_for_100_ms_doubling_to_10_s_until_one_is_well()
    {
        double[] expected = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10];
        foreach (var pause in expected)
        {
            Run(seconds: 1);
            Assert.Equal(pause, pauses.Left.TotalSeconds, precision: 3);
            clock.Pass(pause);
            Assert.True(pauses.Left <= TimeSpan.Zero);
        }
        Assert.Equal(expected.Length, pauses.Failures);

        Run(seconds: 11);
        Run(seconds: 1);
        Assert.Equal((0.1, 1), (pauses.Left.TotalSeconds, pauses.Failures));
    }

    [Fact]
    public void A_run_without_sound_is_no_failure_and_a_start_that_fails_is_one()
    {
        for (var minute = 0; minute < 5; minute++)
            Run(seconds: EventRtc.Mixer.Media.Ffmpeg.SilenceLimit);
        Assert.Equal(0, pauses.Failures);

        pauses.Started();
        clock.Pass(3);
        pauses.Ended(blamed: false);
        Assert.Equal((0.1, 0), (pauses.Left.TotalSeconds, pauses.Failures));

        pauses.Failed();
        Assert.Equal((0.2, 1), (pauses.Left.TotalSeconds, pauses.Failures));
    }

    private void Run(double seconds)
    {
        pauses.Started();
        clock.Pass(seconds);
        pauses.Ended();
    }

    private sealed class Clock : TimeProvider
    {
        private long ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(double seconds) => ticks += TimeSpan.FromSeconds(seconds).Ticks;

        public override long GetTimestamp() => ticks;
    }
}
