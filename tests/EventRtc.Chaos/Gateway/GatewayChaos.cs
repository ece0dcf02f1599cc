using System.Net.Http.Json;
using EventRtc.Chaos.Checks;
using EventRtc.Chaos.Load;
using EventRtc.Local;

namespace EventRtc.Chaos;

/// <summary>Random visitors at two gateways, random faults, and at the end a look for what is left.</summary>
internal static class GatewayChaos
{
    private const int Rooms = 5, AnchorsPerRoom = 5;

    public static async Task<Outcome> Run(TimeSpan time, int seed, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("eventrtc-chaos-");
        folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead; // PostgreSQL runs as its own user
        try
        {
            await using var deployment = await Deployment.Start(
                folder.FullName, DeploymentPorts.Free(), part: all => [.. all.Stages.SelectMany(stage => stage).Where(server => server != all.Nginx)], ct: ct);
            using var record = new Record();
            var begun = TimeProvider.System.GetTimestamp();
            await Play(deployment, record, time, seed, ct);
            await Remains.Check(deployment, record, [.. Enumerable.Range(0, Rooms).Select(RoomName)], ct);
            return new Outcome(seed, time.TotalMinutes, TimeProvider.System.GetElapsedTime(begun).TotalSeconds, record.Counts, record.Violations);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static string RoomName(int number) => $"chaos-{number}";

    private static async Task Play(Deployment deployment, Record record, TimeSpan time, int seed, CancellationToken ct)
    {
        var visitors = await Admit(deployment, record, seed, ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(time);
        using var progress = new Progress(time);
        await Task.WhenAll([.. visitors.Select(visitor => Task.Run(() => visitor.Live(over.Token), ct)), new GatewayFaults(deployment, record, new Random(seed)).Run(over.Token)]);
        ct.ThrowIfCancellationRequested();
        // Half of them say goodbye, the others are just gone.
        await Task.WhenAll(visitors.Select((visitor, i) => visitor.End(politely: i % 2 == 0)));
    }

    private static async Task<IReadOnlyList<RandomVisitor>> Admit(Deployment deployment, Record record, int seed, CancellationToken ct)
    {
        using var http = new HttpClient();
        var visitors = new List<RandomVisitor>();
        for (var room = 0; room < Rooms; room++)
        {
            using var created = await http.PostAsJsonAsync(
                new Uri(deployment.Rooms.Url, "/api/rooms"), new { roomId = RoomName(room), pin = Visitors.GatewayClient.Pin, maxAnchors = AnchorsPerRoom, start = true }, ct);
            created.EnsureSuccessStatusCode();
            for (var anchor = 0; anchor < AnchorsPerRoom; anchor++)
            {
                using var admitted = await http.PostAsJsonAsync(new Uri(deployment.Users.Url, $"/api/rooms/{RoomName(room)}/users"), new { role = "anchor" }, ct);
                var seat = (await admitted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Seat>(ct))!;
                visitors.Add(new RandomVisitor(deployment, seat, record, new Random(unchecked((seed * 1000) + (room * AnchorsPerRoom) + anchor))));
            }
        }
        return visitors;
    }
}
