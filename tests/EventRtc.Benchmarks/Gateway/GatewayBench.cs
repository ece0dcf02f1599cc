using EventRtc.Domain;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>What an idle connection costs one gateway process, how long a visitor takes to come back, and what JSON-RPC costs beside a bare echo.</summary>
internal static class GatewayBench
{
    private const int AnchorsPerRoom = 5, Connections = 5_000, WarmUp = 100;
    private const int Callers = 4, ResumesEach = 250;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        var echo = await EchoBench.Run(ct);
        using var folder = new BenchFolder();
        await using var stage = await GatewayStage.Start(folder.Path, ct);
        await using (var first = await Fill(stage, "warm", WarmUp, ct))
            await first.Resume(Callers, WarmUp / Callers);
        var before = stage.Resident;
        await using var crowd = await Fill(stage, "idle", Connections, ct);
        await Task.Delay(Idle, ct);
        var each = (stage.Resident - before) / 1024.0 / crowd.Count;
        var resumes = await crowd.Resume(Callers, ResumesEach);
        return
        [
            new("idle_connection", Math.Round(each, 1), "KB", null, Bar.Under(60, "KB")),
            new("join_with_resume_p50", Percentile.Of(resumes, 50), "ms", null, null),
            new("join_with_resume_p99", Percentile.Of(resumes, 99), "ms", null, Bar.Under(50, "ms")),
            echo,
        ];
    }

    private static async Task<Crowd> Fill(GatewayStage stage, string name, int connections, CancellationToken ct)
    {
        var crowd = new Crowd();
        using var http = new HttpClient();
        await Parallel.ForAsync(0, connections / AnchorsPerRoom, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (room, stop) =>
        {
            foreach (var (user, address) in await stage.OpenRoom(new RoomId($"{name}-{room}"), AnchorsPerRoom, http, stop))
                crowd.Add(await Crowd.Enter(user, address), address);
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r{crowd.Count} of {connections} connections");
        });
        return crowd;
    }
}
