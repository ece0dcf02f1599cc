namespace EventRtc.Etcd;

/// <summary>The growing pause between attempts: 100 ms doubling to 2 s, which bounds how long a returned etcd goes unnoticed.</summary>
internal sealed class Pause(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private TimeSpan next = First;

    public void Reset() => next = First;

    public async Task Wait(CancellationToken ct)
    {
        await Task.Delay(next, clock, ct);
        next = next * 2 < Longest ? next * 2 : Longest;
    }
}
