using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos.Checks;

/// <summary>Everything runs and calls itself ready.</summary>
internal static class Health
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    public static Task Check(Deployment deployment, Record record, CancellationToken ct) => Settling.Within(Limit, record, "after the last fault", async () =>
    {
        var all = deployment.Stages.SelectMany(stage => stage).ToList();
        var wrong = all.Where(server => !server.IsRunning).Select(server => $"{server.Name} does not run").ToList();
        foreach (var service in all.OfType<ServiceProcess>())
        {
            using var answer = await Http.GetAsync(new Uri(service.Url, "/health/ready"), ct);
            if (!answer.IsSuccessStatusCode)
                wrong.Add($"{service.Name} is not ready: {(await answer.Content.ReadAsStringAsync(ct)).ReplaceLineEndings(" ")}");
        }
        return wrong;
    });
}
