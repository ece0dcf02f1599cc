using System.Net;

namespace EventRtc.Hosting;

/// <summary>Reads <c>0.0.0.0:3000</c>, <c>localhost:3000</c>, <c>[::1]:3000</c> or <c>:3000</c>.</summary>
public static class ListenAddress
{
    /// <exception cref="SettingsException">It is none of these.</exception>
    public static IPEndPoint Parse(string address)
    {
        var text = address switch
        {
            [':', .. var port] => $"0.0.0.0:{port}",
            _ when address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) => $"127.0.0.1:{address["localhost:".Length..]}",
            _ => address,
        };
        return IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal)
            ? endpoint
            : throw new SettingsException($"HTTP_ADDR: '{address}' is not an address such as 0.0.0.0:3000");
    }
}
