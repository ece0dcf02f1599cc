using EventRtc.Contracts.Clients;

namespace EventRtc.Gateway.Connections;

/// <summary>Passes a room's statuses on in the order of their versions, whoever brings them, at once or late: what is older than the last one is dropped.</summary>
public sealed class StatusFeed(Action<RoomStatus> pass)
{
    private readonly Lock passing = new();
    private long last = -1;

    public void Pass(RoomStatus status)
    {
        lock (passing) // to the end: between a look at the version and the passing on, a newer one would get ahead
        {
            if (status.Version <= last)
                return;
            last = status.Version;
            pass(status);
        }
    }
}
