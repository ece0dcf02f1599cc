using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>
/// How the loops of this library go on after a failure: they pause, 100 ms doubling to 2 s, which bounds how long a returned etcd goes unnoticed. Failures are
/// counted; that etcd is away is for the service to say, once for all its loops.
/// </summary>
internal sealed class Retries
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly Meter Meter = new("EventRtc.Etcd");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("eventrtc.etcd.failures", description: "Failures after which a loop that follows or writes etcd started over");
    private readonly string loop;
    private readonly ILogger log;
    private readonly TimeProvider clock;
    private TimeSpan pause = First;

    public Retries(string loop, ILogger log, TimeProvider clock)
    {
        (this.loop, this.log, this.clock) = (loop, log, clock);
        Count(0); // shown from the beginning, so that the first one is seen as a change
    }

    public void Succeeded() => pause = First;

    public async Task Failed(EtcdException failure, CancellationToken ct)
    {
        Count(1);
        log.LogDebug("{Loop} starts over in {Pause}: {Reason}", loop, pause, failure.Message);
        await Task.Delay(pause, clock, ct);
        pause = pause * 2 < Longest ? pause * 2 : Longest;
    }

    private void Count(int failures) => Failures.Add(failures, new KeyValuePair<string, object?>("loop", loop));
}
