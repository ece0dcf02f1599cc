using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;

namespace EventRtc.Benchmarks;

/// <summary>
/// How long a room takes from <c>POST start</c> until its status says forwarding: one append, three trips through the log, a Janus room,
/// an ffmpeg and a forwarder. Rooms are started one after another, each removed again, so that the machine is idle but for the one measured. The first meets services that
/// have just started: it is the slowest, and counts.
/// </summary>
internal static class StartBench
{
    private const int Rooms = 50;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(3);

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        using var folder = new BenchFolder();
        await using var deployment = await Deployment.Start(folder.Path, DeploymentPorts.Free(), ct: ct);
        using var http = new HttpClient { BaseAddress = deployment.Rooms.Url };

        List<double> measured = [], floor = [];
        for (var room = 0; room < Rooms; room++)
        {
            measured.Add(await Measure(http, $"bench-{room}", ct));
            floor.Add(await StartFloor.Measure(deployment, folder.Path, ct));
            Console.Error.Write($"\r{room + 1} of {Rooms} rooms");
        }
        Console.Error.WriteLine();
        return
        [
            new("start_to_forwarding_p50", Percentile.Of(measured, 50), "ms", Percentile.Of(floor, 50), Bar.Under(150, "ms")),
            new("start_to_forwarding_p99", Percentile.Of(measured, 99), "ms", Percentile.Of(floor, 99), Bar.Under(500, "ms")),
        ];
    }

    private static async Task<double> Measure(HttpClient http, string room, CancellationToken ct)
    {
        using var created = await http.PostAsJsonAsync("/api/rooms", new { roomId = room, pin = "123456" }, ct);
        created.EnsureSuccessStatusCode();

        var watch = Stopwatch.StartNew();
        using var started = await http.PostAsJsonAsync($"/api/rooms/{room}/start", new { }, ct);
        started.EnsureSuccessStatusCode();
        while (!await IsForwarding(http, room, ct))
        {
            if (watch.Elapsed > Within)
                throw new TimeoutException($"Room {room} was not forwarding within {Within.TotalSeconds:0} s");
            await Task.Delay(PollEvery, ct);
        }
        var took = watch.Elapsed.TotalMilliseconds;

        using var removed = await http.DeleteAsync(new Uri($"/api/rooms/{room}", UriKind.Relative), ct);
        await Eventually.True(async () => !(await http.GetAsync(new Uri($"/api/rooms/{room}", UriKind.Relative), ct)).IsSuccessStatusCode, Within, "the room is gone");
        return took;
    }

    private static async Task<bool> IsForwarding(HttpClient http, string room, CancellationToken ct) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/rooms/{room}", ct)).GetProperty("room").GetProperty("forwarding").GetBoolean();
}
