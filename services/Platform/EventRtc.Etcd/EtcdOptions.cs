using System.ComponentModel.DataAnnotations;

namespace EventRtc.Etcd;

/// <summary>Where etcd is and how long to wait for it.</summary>
public sealed record EtcdOptions
{
    /// <summary>
    /// The members of one cluster, each <c>host:port</c> (then without TLS), <c>http://host:port</c> or <c>https://host:port</c>. The client uses one at a time and moves on
    /// when it fails. Default localhost:2379.
    /// </summary>
    [EtcdEndpoints]
    public IReadOnlyList<string> Endpoints { get; init; } = ["localhost:2379"];

    /// <summary>The longest wait for a TCP connection. Default 5 s; 10 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest a call lasts, all its attempts together; for a watch the longest wait until etcd has opened it. Default 5 s; 10 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Log in as this user; nobody when etcd runs without authentication. Default none.</summary>
    public string? Username { get; init; }

    /// <summary>The password of <see cref="Username"/>. Default none.</summary>
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>Leaves the password out, so that options may be logged.</summary>
    public override string ToString() => $"etcd at {string.Join(',', Endpoints)} as {Username ?? "nobody"}";
}

/// <summary>Refuses endpoints that cannot be read before anything connects.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EtcdEndpointsAttribute() : ValidationAttribute("{0} must be one or more of host:port, http://host:port and https://host:port, with commas between")
{
    public override bool IsValid(object? value) => value is IReadOnlyList<string> { Count: > 0 } addresses && addresses.All(address => Endpoints.Parse(address) is not null);
}
