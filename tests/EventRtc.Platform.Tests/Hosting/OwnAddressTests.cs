using System.Net;
using EventRtc.Hosting;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting;

public sealed class OwnAddressTests
{
    [Fact]
    public void An_address_that_is_given_is_kept() => Assert.Equal("10.1.2.3", OwnAddress.Parse("10.1.2.3", null).ToString());

    [Fact]
    public void What_is_neither_an_address_nor_auto_is_refused() => Assert.False(OwnAddress.TryParse("eth0", null, out _));

    [Fact]
    public void Auto_never_finds_loopback() =>
        Assert.False(OwnAddress.TryParse("auto", null, out var found) && IPAddress.IsLoopback(found.Ip));

    [Theory]
    [InlineData("127.0.0.1 169.254.7.7 fd00::2 172.18.0.5", "172.18.0.5")]
    [InlineData("172.18.0.5 172.19.0.6", "172.18.0.5")]
    [InlineData("172.18.0.5 172.19.0.6+", "172.19.0.6")]
    [InlineData("127.0.0.1 ::1", null)]
    public void Auto_is_the_address_with_a_way_out_else_the_first_that_others_may_reach(string candidates, string? chosen) =>
        Assert.Equal(chosen, OwnAddress.Choose(candidates.Split(' ').Select(one => (IPAddress.Parse(one.TrimEnd('+')), one.EndsWith('+'))))?.ToString());
}
