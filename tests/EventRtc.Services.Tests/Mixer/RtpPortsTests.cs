using System.Net;
using System.Net.Sockets;
using EventRtc.Mixer.Ports;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

public sealed class RtpPortsTests
{
    private static readonly PortRange Range = new(18_001, 18_006);
    private readonly RtpPorts ports = new(Range, IPAddress.Loopback);

    [Theory]
    [InlineData("10000-20000", 5000)]
    [InlineData("10001-10003", 1)]
    [InlineData("10000-10001", 1)]
    public void A_range_counts_the_pairs_that_fit_whole(string text, int pairs) => Assert.Equal(pairs, PortRange.Parse(text, null).Pairs);

    [Theory]
    [InlineData("")]
    [InlineData("10000")]
    [InlineData("20000-10000")]
    [InlineData("10001-10002")]
    [InlineData("80-90")]
    [InlineData("10000-70000")]
    [InlineData("a-b")]
    public void What_is_no_range_is_refused(string text) => Assert.False(PortRange.TryParse(text, null, out _));

    [Fact]
    public void Pairs_start_even_and_never_overlap()
    {
        Assert.Equal([18_002, 18_004], new[] { ports.Take().Rtp, ports.Take().Rtp });
        Assert.Throws<NoPortException>(() => ports.Take());
        Assert.Equal(2, ports.InUse);
    }

    [Fact]
    public void A_released_pair_is_given_again()
    {
        var first = ports.Take();
        var second = ports.Take();
        ports.Release(first);
        ports.Release(first);

        Assert.Equal(1, ports.InUse);
        Assert.Equal(first, ports.Take());
        ports.Release(second);
        Assert.Equal(second, ports.TryTake(second.Rtp));
    }

    [Theory]
    [InlineData(18_002)]
    [InlineData(18_003)]
    public void A_pair_that_another_program_holds_in_part_is_left_out(int held)
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, held));

        Assert.Null(ports.TryTake(18_002));
        Assert.Equal(18_004, ports.Take().Rtp);
    }

    [Theory]
    [InlineData(18_000)]
    [InlineData(18_003)]
    [InlineData(18_006)]
    public void Ports_outside_the_range_and_odd_ones_are_not_ours_to_give(int rtp) => Assert.Null(ports.TryTake(rtp));
}
