using System.Net;
using EventRtc.Hosting;
using Microsoft.AspNetCore.HttpOverrides;

namespace EventRtc.Gateway;

/// <summary>Whose <c>X-Forwarded-For</c> is believed.</summary>
public static class TrustedProxies
{
    /// <exception cref="SettingsException">One of them is neither an address nor a network.</exception>
    public static ForwardedHeadersOptions Of(GatewayOptions options)
    {
        var proxies = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        proxies.KnownProxies.Clear();
        proxies.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                proxies.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                proxies.KnownIPNetworks.Add(network);
            else
                throw new SettingsException($"GATEWAY_TRUSTED_PROXIES: '{proxy}' is neither an IP address nor a network such as 10.0.0.0/8");
        }
        return proxies;
    }
}
