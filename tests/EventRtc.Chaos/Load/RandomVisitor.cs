using System.Net.WebSockets;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.Chaos.Load;

/// <summary>One user who does whatever comes to mind: joins, offers, drops, resumes, leaves, falls silent, opens a second tab.</summary>
/// <param name="roomsMayEnd">Somebody may remove the room meanwhile, or any other part of the system be away.</param>
internal sealed class RandomVisitor(Deployment deployment, Seat seat, Record record, Random random, bool roomsMayEnd = false)
{
    /// <summary>What a visitor of a system under faults may be told; anything else is a fault of ours.</summary>
    private static readonly HashSet<string> Expected = new(StringComparer.Ordinal)
    {
        "room_not_ready", "already_joined", "not_joined", "lock_lost", "taken_over", "unavailable", "too_many_joins", "too_many_messages", "too_many_reconnects", "too_many_connections",
        "too_many_requests",
    };

    /// <summary>The same where rooms end.</summary>
    private static readonly HashSet<string> ExpectedOfRooms = new(StringComparer.Ordinal) { "room_not_found", "room_removing", "room_not_on_air", "not_admitted", "wrong_room" };

    private GatewayClient? client;
    private bool joined;

    public async Task Live(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Do(random.Next(100), over);
                await Task.Delay(random.Next(50, 1000), over);
            }
            catch (OperationCanceledException)
            {
                // The run is over.
            }
            catch (RpcException refused)
            {
                record.Count($"refused: {refused.Reason}");
                if (refused.Reason is null || !(Expected.Contains(refused.Reason) || (roomsMayEnd && ExpectedOfRooms.Contains(refused.Reason))))
                    record.Violation($"A request was refused as {refused.Code} {refused.Reason}: {refused.Message}");
            }
            catch (Exception broken) when (broken is PeerClosedException or WebSocketException or TimeoutException)
            {
                record.Count($"met: {broken.GetType().Name}");
                if (broken is not TimeoutException)
                    await Forget();
            }
        }
    }

    /// <param name="politely">Leaves; or is gone without a word.</param>
    public async Task End(bool politely)
    {
        if (client is not { } last)
            return;
        try
        {
            if (politely && joined)
                await last.Ask("leave");
            else
                last.Drop();
        }
        catch (Exception gone) when (gone is PeerClosedException or RpcException or TimeoutException)
        {
            record.Count("gone before goodbye");
        }
        await Forget();
    }

    private Task Do(int what, CancellationToken over) => (client, joined, what) switch
    {
        (null, _, _) => Connect(clientId: null),
        (_, false, < 90) => Join(),
        (_, false, _) => Drop(),
        (_, true, < 45) => KeepAlive(),
        (_, true, < 65) => Offer(),
        (_, true, < 80) => Drop(),
        (_, true, < 85) => Leave(),
        (_, true, < 90) => AnotherTab(),
        (_, true, < 94) => SecondSocket(),
        (_, true, < 98) => CloseTab(),
        _ => FallSilent(over),
    };

    private async Task Connect(Guid? clientId)
    {
        var address = new Uri($"ws://{deployment.Gateways[random.Next(2)].Address}/ws?token={seat.Token}");
        client = earlier is { } tab && clientId is null
            ? await GatewayClient.Connect(address, tab)
            : await GatewayClient.Connect(address, new UserId(seat.UserID));
        record.Count("connected");
    }

    private GatewayClient? earlier;

    private async Task Join()
    {
        if (client!.Jtoken is null || random.Next(5) == 0)
        {
            await client.Join();
            record.Count("joined");
        }
        else
        {
            record.Count(await client.Resume() ? "resumed" : "joined, not resumed");
        }
        joined = true;
    }

    private async Task KeepAlive()
    {
        await client!.Ask("keepalive", new { status = random.Next(2) == 0 ? "onair" : "idle" });
        record.Count("keepalive");
    }

    private async Task Offer()
    {
        await client!.Offer();
        record.Count("offer");
    }

    private async Task Leave()
    {
        await client!.Ask("leave");
        record.Count("leave");
        await Forget();
        earlier = null;
    }

    private Task Drop()
    {
        client!.Drop();
        record.Count("drop");
        return Forget();
    }

    private async Task CloseTab()
    {
        record.Count("closed tab");
        await Forget();
        earlier = null;
    }

    /// <summary>The first tab stays open for a moment; the second one is refused until then.</summary>
    private async Task AnotherTab()
    {
        record.Count("another tab");
        var first = client!;
        await Connect(Guid.NewGuid());
        joined = false;
        await Retire(first);
    }

    /// <summary>As a client does that takes its connection for dead although it is not.</summary>
    private async Task SecondSocket()
    {
        record.Count("second socket");
        var first = earlier = client!;
        await Connect(clientId: null);
        joined = false;
        try
        {
            await Join();
        }
        finally
        {
            await Retire(first);
        }
    }

    /// <summary>Longer than the place lasts, now and then.</summary>
    private async Task FallSilent(CancellationToken over)
    {
        record.Count("fell silent");
        await Task.Delay(TimeSpan.FromSeconds(random.Next(5, 40)), over);
    }

    private async Task Forget()
    {
        if (client is not { } last)
            return;
        (earlier, client, joined) = (last, null, false);
        await Retire(last);
    }

    private async Task Retire(GatewayClient last)
    {
        await last.DisposeAsync();
        var versions = last.Heard("roomStatus").Select(status => status.GetProperty("version").GetInt64()).ToList();
        if (!versions.SequenceEqual(versions.Order()))
            record.Violation($"A room's status went back in version: {string.Join(' ', versions)}");
    }
}
