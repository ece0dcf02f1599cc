using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos;

/// <summary>Kills and pauses gateways, one at a time, and the users service now and then; each is back before the next fault.</summary>
internal sealed class GatewayFaults(Deployment deployment, Record record, Random random)
{
    public async Task Run(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(random.Next(4, 15)), over);
                await Cause(random.Next(10));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over; whatever was broken is whole again.
        }
    }

    private Task Cause(int which) => which switch
    {
        < 4 => Kill(deployment.Gateways[which % 2]),
        < 7 => Pause(deployment.Gateways[which % 2]),
        < 8 => Restart(deployment.Gateways[random.Next(2)]),
        _ => Kill(deployment.Users),
    };

    private async Task Kill(Server server)
    {
        record.Count($"kill -9 {server.Name}");
        await server.Kill();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(5)));
        await server.Start();
    }

    private async Task Restart(Server server)
    {
        record.Count($"restart {server.Name}");
        await server.Stop();
        await server.Start();
    }

    private async Task Pause(Server server)
    {
        record.Count($"pause {server.Name}");
        await server.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 7)));
        server.Thaw();
    }
}
