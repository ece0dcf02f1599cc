using EventRtc.Local.Servers;

namespace EventRtc.Local;

/// <summary>Where each part of a deployment listens, all on loopback.</summary>
public sealed record DeploymentPorts
{
    private DeploymentPorts(Func<int, int> choose, JanusPorts janus)
    {
        Web = choose(8080);
        Postgres = choose(5432);
        Redis = choose(6379);
        Etcd = choose(2379);
        EtcdPeer = choose(2380);
        Rooms = choose(3000);
        MixerHls = choose(3001);
        HlsToken = choose(3100);
        HlsMedia = choose(3101);
        Users = choose(8085);
        Gateway = choose(8081);
        SecondGateway = choose(8082);
        Projector = choose(3200);
        JanusWorker = choose(3201);
        MixerWorker = choose(3202);
        Janus = janus;
    }

    public int Web { get; }

    public int Postgres { get; }

    public int Redis { get; }

    public int Etcd { get; }

    public int EtcdPeer { get; }

    public int Rooms { get; }

    public int MixerHls { get; }

    public int HlsToken { get; }

    public int HlsMedia { get; }

    public int Users { get; }

    public int Gateway { get; }

    public int SecondGateway { get; }

    public int Projector { get; }

    public int JanusWorker { get; }

    public int MixerWorker { get; }

    public JanusPorts Janus { get; }

    /// <summary>The ports people know, and free ones where those are taken.</summary>
    public static DeploymentPorts Default() => new(FreePort.Prefer, JanusPorts.Preferred());

    /// <summary>Free ones only, so that tests never meet a running deployment.</summary>
    public static DeploymentPorts Free() => new(_ => FreePort.Any(), JanusPorts.Free());
}
