using System.Net;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Every process of ours answers and has what it needs.</summary>
internal static class ServicesCheck
{
    public static Task Look(Report report, IReadOnlyList<ServiceDoor> doors, TimeProvider clock, CancellationToken ct) => Task.WhenAll(doors.Select(door => Look(report.Part(), door, clock, ct)));

    private static async Task Look(Report report, ServiceDoor door, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            Judge(report, door, await door.Health(clock, ct));
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            report.Fail(door.Name, Reach.Why(fault), $"Start it, or look at the last lines of its log. {Variable(door)} says where it is expected.");
        }
    }

    private static void Judge(Report report, ServiceDoor door, HealthPage page)
    {
        switch (page.Status)
        {
            case HttpStatusCode.OK:
                report.Ok(door.Name, page.Good.Any() ? $"ready: {string.Join("; ", page.Good)}" : "ready");
                break;
            case HttpStatusCode.ServiceUnavailable when page.Bad.Any():
                report.Fail(door.Name, $"not ready: {string.Join("; ", page.Bad)}", "It goes on by itself once that is well again: what is found of that here says what to do.");
                break;
            default:
                report.Fail(door.Name, $"{(int)page.Status} instead of a health page", $"Somebody else answers there. {Variable(door)} says where it is expected.");
                break;
        }
    }

    private static string Variable(ServiceDoor door) => $"DOCTOR_{door.Service.Replace('-', '_').ToUpperInvariant()}_URLS";
}
