using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EventRtc.Hosting;

/// <summary>Reads <c>0.0.0.0:3000</c>, <c>localhost:3000</c>, <c>[::1]:3000</c> or <c>:3000</c>.</summary>
public static class ListenAddress
{
    /// <exception cref="FormatException">It is none of these.</exception>
    public static IPEndPoint Parse(string address) => TryParse(address, out var endpoint) ? endpoint : throw new FormatException($"'{address}' is not an address such as 0.0.0.0:3000");

    public static bool TryParse(string address, out IPEndPoint endpoint)
    {
        var text = address switch
        {
            [':', .. var port] => $"0.0.0.0:{port}",
            _ when address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) => $"127.0.0.1:{address["localhost:".Length..]}",
            _ => address,
        };
        var read = IPEndPoint.TryParse(text, out var found) && text.Contains(':', StringComparison.Ordinal);
        endpoint = found ?? new IPEndPoint(IPAddress.None, 0);
        return read;
    }

    /// <returns>Why nobody can listen there now; null when one can.</returns>
    internal static string? FaultAt(IPEndPoint endpoint)
    {
        try
        {
            using var probe = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            return null;
        }
        catch (SocketException fault)
        {
            return fault.Message;
        }
    }
}

/// <summary>A setting that is a <see cref="ListenAddress"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListenAtAttribute() : ValidationAttribute("the value must be an address such as 0.0.0.0:3000, localhost:3000 or :3000")
{
    public override bool IsValid(object? value) => value is string address && ListenAddress.TryParse(address, out _);
}
