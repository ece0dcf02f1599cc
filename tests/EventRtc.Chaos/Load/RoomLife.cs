using System.Text.Json;
using EventRtc.Local;

namespace EventRtc.Chaos.Load;

/// <summary>One room's users: they make it, start it, speak and listen, and remove it, over and over under the same id.</summary>
internal sealed class RoomLife(Deployment deployment, Caller caller, Record record, string room, Random random)
{
    private readonly string path = $"/api/rooms/{room}";
    private bool exists;
    private bool onAir;

    /// <param name="crowd">Guests who are admitted at once, again and again.</param>
    public async Task Live(int crowd, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (!exists) // else it is there from the round before
                await Open(started: true);
            await Hold(TimeSpan.FromSeconds(random.Next(4, 20)), crowd, over);
            if (!over.IsCancellationRequested)
                await Remove();
        }
    }

    /// <summary>The room is removed as soon as it is there.</summary>
    public async Task Pass()
    {
        await Open(started: random.Next(2) == 0);
        await Task.Delay(random.Next(300));
        await Remove();
    }

    public async Task Remove()
    {
        if (!exists)
            return;
        await caller.Send(random, HttpMethod.Delete, room, path, null, onAir ? ["removal_requested"] : ["removal_requested", "room_deleted"]);
        (exists, onAir) = (false, false);
        await caller.WaitUntilGone(room);
    }

    private async Task Open(bool started)
    {
        var atOnce = started && random.Next(2) == 0;
        var body = new { roomId = room, pin = Visitors.GatewayClient.Pin, maxAnchors = 5, start = atOnce };
        await caller.Send(random, HttpMethod.Post, room, "/api/rooms", body, atOnce ? ["room_created", "live_started"] : ["room_created"]);
        if (started && !atOnce)
            await caller.Send(random, HttpMethod.Post, room, $"{path}/start", null, "live_started");
        (exists, onAir) = (true, started);
    }

    private async Task Hold(TimeSpan time, int crowd, CancellationToken over)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(over);
        until.CancelAfter(time);
        var visitors = new List<RandomVisitor>();
        for (var i = random.Next(3); i > 0; i--)
            if (await Admit(random, "anchor") is { } seat)
                visitors.Add(new RandomVisitor(deployment, seat, record, new Random(random.Next()), roomsMayEnd: true));
        var listener = new Listener(deployment, record, room);
        await Task.WhenAll(
        [
            .. visitors.Select(visitor => Task.Run(() => visitor.Live(until.Token), CancellationToken.None)),
            .. Enumerable.Range(0, crowd).Select(_ => Throng(new Random(random.Next()), until.Token)),
            listener.Listen(until.Token),
        ]);
        await Task.WhenAll(visitors.Select((visitor, i) => visitor.End(politely: i % 2 == 0)));
    }

    private async Task Throng(Random own, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Admit(own, "guest");
            await Task.Delay(own.Next(300), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Seat?> Admit(Random own, string role) =>
        await caller.Send(own, HttpMethod.Post, room, $"{path}/users", new { role }, "anchor_admitted") is { Accepted: true } admitted
            ? JsonSerializer.Deserialize<Seat>(admitted.Body, JsonSerializerOptions.Web)
            : null;
}

/// <summary>As the users service answers.</summary>
internal sealed record Seat(string UserID, string Token);
