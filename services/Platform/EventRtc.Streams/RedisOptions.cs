using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using EventRtc.Streams.Connections;

namespace EventRtc.Streams;

/// <summary>How to reach one Redis server and how long to wait for it.</summary>
public sealed record RedisOptions
{
    /// <summary>host:port; an IPv6 host stands in brackets; 6379 when the port is left out. Default localhost:6379.</summary>
    [RedisAddress]
    public string Address { get; init; } = "localhost:6379";

    /// <summary>ACL user; without it the password is that of the user "default". Default none.</summary>
    public string? User { get; init; }

    /// <summary>For a server that asks for one. Default none.</summary>
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>The number of the database on that server. Default 0; 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int Database { get; init; }

    /// <summary>Encrypt with TLS; the certificate must be valid for the host of <see cref="Address"/>. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file of the authority that signed the server's certificate; without it the system's authorities. Default none.</summary>
    [CertificateFile]
    public string? TlsCaFile { get; init; }

    /// <summary>For one attempt to connect, including TLS and log-in. Default 5 s; 10 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the call to its answer, including the wait for a connection. A blocking read may take its block time on top. Default 5 s; 10 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Calls on one connection that wait for their answer; one more is refused with <see cref="RedisQueueFullException"/>. The log-in takes up to 3. Default 10000; 3 to
    /// 1000000.
    /// </summary>
    [Range(3, 1_000_000)]
    public int QueueLimit { get; init; } = 10_000;

    /// <summary>Without the password: options end up in logs.</summary>
    public override string ToString() => $"redis://{Address}/{Database}";
}

/// <summary>Refuses an address that cannot be read before anything connects.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RedisAddressAttribute() : ValidationAttribute("{0} must be of the form host:port")
{
    public override bool IsValid(object? value) => value is string address && RedisDialer.Parse(address) is not null;
}

/// <summary>Refuses a file that no certificate can be read from before anything connects.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CertificateFileAttribute() : ValidationAttribute("{0} must be a PEM file with a certificate that can be read")
{
    public override bool IsValid(object? value)
    {
        try
        {
            using var certificate = value is string file ? RedisDialer.Authority(file) : null;
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
