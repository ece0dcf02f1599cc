using EventRtc.Hosting;
using EventRtc.JsonRpc;

namespace EventRtc.Gateway.Connections;

/// <summary>Tells failures that pass by themselves from bugs: nothing of ours is wrong then; another service or server is.</summary>
public sealed class PassingFailures(IEnumerable<TransientFailure> transient)
{
    private readonly Type[] passing = [.. transient.Select(failure => failure.Exception), typeof(TimeoutException), typeof(RpcException)];

    public bool Includes(Exception failure) => Array.Exists(passing, type => type.IsInstanceOfType(failure));
}
