using EventRtc.Etcd;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using EventRtc.Visitors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace EventRtc.Benchmarks.Faults;

/// <summary>The whole system with two of everything, a room on air, two anchors who speak and hear each other, and listeners. Ada speaks the time code, Grace another tone.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    /// <summary>What is not well again after this will not be.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int AdaHertz = 1000, GraceHertz = 1500, NewRooms = 2;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20), Calm = TimeSpan.FromSeconds(1);

    private readonly BenchFolder folder;
    private Studio? ada, grace;

    private FaultStage(BenchFolder folder, Deployment at)
    {
        (this.folder, At, Rooms) = (folder, at, new RoomApi(at.Web));
        Etcd = new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        Redis = new RedisClient(new RedisOptions { Address = at.Redis.Address }, NullLogger<RedisClient>.Instance);
    }

    public Deployment At { get; }

    public RoomApi Rooms { get; }

    public EtcdClient Etcd { get; }

    public RedisClient Redis { get; }

    public string Room { get; private set; } = "";

    public Studio Ada => ada!;

    public Studio Grace => grace!;

    /// <summary>What each of the two hears of the other.</summary>
    public Ear AdasEar { get; private set; } = null!;

    public Ear GracesEar { get; private set; } = null!;

    public static async Task<FaultStage> Open(CancellationToken ct)
    {
        var kept = new BenchFolder();
        return new FaultStage(kept, await Deployment.Start(kept.Path, DeploymentPorts.Free(), redundant: true, ct: ct));
    }

    /// <summary>Waits until all is well; when it does not become so, with a new room.</summary>
    /// <exception cref="TimeoutException">It is not well in new rooms either.</exception>
    public async Task BeWell(CancellationToken ct)
    {
        for (var room = 0; !await BecomesWell(fresh: room > 0 || grace is null, last: room == NewRooms); room++)
            await Console.Error.WriteLineAsync("  a new room is opened");
        await Task.Delay(Calm, ct);
        await AdasEar.Tune();
        await GracesEar.Tune();
    }

    /// <summary>The Janus that has the room.</summary>
    public async Task<JanusServer> Janus() => At.Januses[await NumberOf("janusId")];

    /// <summary>The mixer that has the room.</summary>
    public async Task<ServiceProcess> Mixer() => At.MixerWorkers[await NumberOf("mixerId")];

    /// <summary>The heartbeat of one of <see cref="Deployment.Januses"/> or <see cref="Deployment.MixerWorkers"/>.</summary>
    public static string HeartbeatOf(Server module) => $"/{KindOf(module)}/{IdOf(module)}/heartbeat";

    /// <summary>januses or mixers.</summary>
    public static string KindOf(Server module) => module is JanusServer ? "januses" : "mixers";

    /// <summary>janus-1, mixer-2 and so on.</summary>
    public static string IdOf(Server module) => $"{(module is JanusServer ? "janus" : "mixer")}-{(module.Name.EndsWith("-2", StringComparison.Ordinal) ? 2 : 1)}";

    /// <summary>kill -9 of a server alone: its children learn it from the kernel.</summary>
    /// <returns>When.</returns>
    public static async Task<DateTimeOffset> Kill(Server server)
    {
        var at = TimeProvider.System.GetUtcNow();
        ProcessTable.Send(server.ProcessId!.Value, Signal.Kill);
        await Eventually.True(() => !server.IsRunning, Soon, $"{server.Name} is gone");
        return at;
    }

    public async ValueTask DisposeAsync()
    {
        await Leave();
        Rooms.Dispose();
        await Redis.DisposeAsync();
        await Etcd.DisposeAsync();
        await At.DisposeAsync();
        folder.Dispose();
    }

    private async Task<bool> BecomesWell(bool fresh, bool last)
    {
        try
        {
            if (fresh)
                await GoOnAir();
            await Eventually.True(IsWell, Soon, "all is well");
            return true;
        }
        catch (Exception unwell) when (!last && (unwell is TimeoutException or HttpRequestException or PlaywrightException))
        {
            await Console.Error.WriteLineAsync($"  {unwell.Message}: {unwell.InnerException?.Message}");
            return false;
        }
    }

    private async Task GoOnAir()
    {
        await Leave();
        if (Room is not "" && await Rooms.Find(Room) is not null)
            await Rooms.Remove(Room);
        Room = $"fault-{Guid.NewGuid():N}"[..20];
        await Rooms.OnAir(Room);
        ada = await Studio.GoOnAir(At.Web, Room, await TimeCode.MakeWav(folder.Path), "Ada");
        grace = await Studio.GoOnAir(At.Web, Room, await Tone.MakeWav(folder.Path, GraceHertz), "Grace");
        AdasEar = await Ear.At(ada.Page, GraceHertz);
        GracesEar = await Ear.At(grace.Page, AdaHertz);
        await AdasEar.Tune();
        await GracesEar.Tune();
    }

    private async Task<bool> IsWell()
    {
        foreach (var stopped in At.Stages.SelectMany(stage => stage).Where(server => !server.IsRunning))
            throw new InvalidOperationException($"{stopped.Name} does not run");
        foreach (var module in At.Januses.Cast<Server>().Concat(At.MixerWorkers))
            if (await Etcd.Get(HeartbeatOf(module)) is null)
                throw new InvalidOperationException($"{module.Name} shows no heartbeat");
        if (!await Rooms.IsForwarding(Room))
            throw new InvalidOperationException("The room is not on air");
        if (!await AdasEar.HearsFor(Calm) || !await GracesEar.HearsFor(Calm))
            throw new InvalidOperationException("The anchors do not hear each other");
        if (await new Listener(Rooms, Room).ToneRatio() is not >= Listener.Distinct)
            throw new InvalidOperationException("Listeners hear nothing");
        return true;
    }

    private async Task<int> NumberOf(string module) => (await Rooms.Find(Room))!.Value.GetProperty(module).GetString()![^1] - '1';

    private async Task Leave()
    {
        foreach (var anchor in (Studio?[])[ada, grace])
            await (anchor?.DisposeAsync() ?? ValueTask.CompletedTask);
        ada = grace = null;
    }
}
