using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Ops.Doctor;

/// <summary>A look at one side of the deployment. Whatever happens in it becomes a finding; nothing ends the doctor but the user.</summary>
/// <param name="CleansUp">It leaves nothing behind, so it is never left alone: it keeps its time by itself, and ends in order when the user interrupts.</param>
internal sealed record Check(string Name, Func<Report, CancellationToken, Task> Look, bool CleansUp = false)
{
    /// <param name="within">The check's time, in which it may ask several times.</param>
    /// <exception cref="OperationCanceledException">The user interrupts.</exception>
    public async Task<IReadOnlyList<Finding>> Run(TimeSpan within, CancellationToken ct)
    {
        var report = new Report(Name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (!CleansUp)
            limit.CancelAfter(within);
        try
        {
            var look = Look(report, limit.Token);
            await (CleansUp ? look : look.WaitAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            report.Fail("time", $"no end within {DurationOption.Text(within)}", "What it asks last is frozen or overloaded; give it more time with --timeout if that is to be expected.");
        }
        catch (Exception fault) when (fault is EventStoreUnavailableException or RedisException or EtcdException)
        {
            report.Unknown("all of it", $"cannot be told: {fault.Message}");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            report.Fail("the check itself", $"ended with {fault.GetType().Name}", $"That is a fault of eventrtc: report it, with the versions of the servers. --skip {Name} leaves the check out.");
        }
        return report.Close();
    }
}
