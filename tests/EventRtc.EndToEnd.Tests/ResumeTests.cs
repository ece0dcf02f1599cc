using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>An anchor's WebSocket, or its gateway, goes away: the anchor comes back to what it had, and nobody hears that anything happened.</summary>
public sealed class ResumeTests(RunningSystem system, ITestOutputHelper output)
{
    /// <summary>What co-anchors and listeners may miss.</summary>
    private static readonly TimeSpan Inaudible = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ResumedWithin = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Nobody_hears_that_an_anchors_WebSocket_was_dropped()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);

        var took = await pair.Through(pair.Speaker.DropSocket, pair.Speaker);

        output.WriteLine($"resumed after {took.TotalMilliseconds:0} ms");
        await AssertInaudible(pair);
    }

    [Fact]
    public async Task The_anchors_of_a_killed_gateway_are_resumed_by_the_other_one_within_3_s_and_nobody_hears_it()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);
        var gateway = await pair.ShareGateway();
        try
        {
            var took = await pair.Through(gateway.Kill, pair.Speaker, pair.CoAnchor);

            output.WriteLine($"resumed after {took.TotalMilliseconds:0} ms");
            Assert.InRange(took, TimeSpan.Zero, ResumedWithin);
            Assert.DoesNotContain(gateway.Name, await pair.Gateways());
            await AssertInaudible(pair);
        }
        finally
        {
            await gateway.Restart();
        }
    }

    [Fact]
    public async Task A_gateway_that_stops_in_order_hands_its_anchors_over_and_nobody_hears_it()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);
        var gateway = await pair.ShareGateway();
        try
        {
            var took = await pair.Through(gateway.Stop, pair.Speaker, pair.CoAnchor);

            output.WriteLine($"resumed after {took.TotalMilliseconds:0} ms");
            Assert.DoesNotContain(gateway.Name, await pair.Gateways());
            await AssertInaudible(pair);
        }
        finally
        {
            await gateway.Restart();
        }
    }

    [Fact]
    public async Task A_silence_of_300_ms_is_a_gap_of_300_ms_to_the_ears_of_these_tests()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);

        await pair.Through(() => pair.Speaker.FallSilent(TimeSpan.FromMilliseconds(300)));

        var (coAnchor, listener) = await pair.LongestGaps();
        output.WriteLine($"the co-anchor missed {coAnchor.TotalMilliseconds:0} ms, the listener {listener.TotalMilliseconds:0} ms");
        Assert.InRange(coAnchor.TotalMilliseconds, 250, 1000);
        Assert.InRange(listener.TotalMilliseconds, 250, 1000);
    }

    private async Task AssertInaudible(AnchorPair pair)
    {
        var (coAnchor, listener) = await pair.LongestGaps();
        output.WriteLine($"the co-anchor missed {coAnchor.TotalMilliseconds:0} ms, the listener {listener.TotalMilliseconds:0} ms");
        Assert.InRange(coAnchor, TimeSpan.Zero, Inaudible);
        Assert.InRange(listener, TimeSpan.Zero, Inaudible);
        Assert.Equal((1, 1), (await pair.Speaker.Sessions(), await pair.CoAnchor.Sessions()));
        Assert.Equal(2, await pair.CoAnchor.Members());
        Assert.Equal(2, (await Remains.Participants(system.Deployment, pair.Room)).Count);
        var history = await system.Rooms.History(pair.Room);
        Assert.Equal(2, history.Count(step => step is "anchor_joined"));
        Assert.DoesNotContain("anchor_left", history);
    }
}
