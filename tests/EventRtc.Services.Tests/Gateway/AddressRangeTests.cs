using EventRtc.Gateway;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>How proxies are named whose word counts.</summary>
public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("fd00::/8", "fd00::/8")]
    public void An_address_or_a_network_names_one_and_is_written_as_it_was(string text, string network)
    {
        var range = AddressRange.Parse(text, null);
        Assert.Equal((text, network), ($"{range}", $"{range.Network}"));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_none(string? text) => Assert.False(AddressRange.TryParse(text, null, out _));
}
