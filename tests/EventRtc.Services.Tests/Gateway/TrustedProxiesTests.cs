using System.Net;
using EventRtc.Gateway;
using EventRtc.Hosting;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

public sealed class TrustedProxiesTests
{
    [Fact]
    public void Addresses_and_networks_are_believed_and_nobody_else()
    {
        var proxies = TrustedProxies.Of(new GatewayOptions { TrustedProxies = ["192.0.2.7", "10.0.0.0/8"] });
        Assert.Equal([IPAddress.Parse("192.0.2.7")], proxies.KnownProxies);
        Assert.Equal(["10.0.0.0/8"], proxies.KnownIPNetworks.Select(network => $"{network}"));
    }

    [Fact]
    public void What_is_neither_stops_the_start_by_name() => Assert.StartsWith(
        "GATEWAY_TRUSTED_PROXIES: 'nginx'", Assert.Throws<SettingsException>(() => TrustedProxies.Of(new GatewayOptions { TrustedProxies = ["nginx"] })).Message, StringComparison.Ordinal);
}
