using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// The media of visitors whose WebSocket dropped: it goes on until they are back, here or at another gateway, for <see cref="GatewayOptions.KeepMedia"/> at most, and
/// ends at once when the browser itself has closed it or the visitor is removed from the room.
/// </summary>
public sealed class ParkedMedia(ConnectionLocks locks, UsersClient users, GatewayOptions options, PassingFailures passing, ILogger<ParkedMedia> log, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Visitor, Parked> parked = [];

    /// <param name="generation">Of the connection that dropped.</param>
    public void Park(Visitor visitor, AudioBridge bridge, long generation)
    {
        bridge.OnCandidate = _ => { };
        bridge.OnTalking = (_, _) => { };
        bridge.OnMuted = _ => { };
        var place = new Parked(bridge, new CancellationTokenSource());
        lock (gate)
        {
            if (parked.Remove(visitor, out var earlier))
                earlier.Taken.Cancel();
            else
                GatewayTelemetry.ParkedOne();
            parked[visitor] = place;
        }
        _ = Keep(visitor, place, generation);
    }

    /// <summary>The visitor is back; whoever takes the media says what becomes of it. Null when there is none.</summary>
    public AudioBridge? Take(Visitor visitor)
    {
        lock (gate)
        {
            if (!parked.Remove(visitor, out var place))
                return null;
            GatewayTelemetry.UnparkedOne();
            place.Taken.Cancel();
            return place.Bridge;
        }
    }

    /// <summary>Who is removed from the room does not stay on air because its connection has dropped.</summary>
    public void Evict(RoomId room, Eviction eviction)
    {
        if (eviction.Reason is not Eviction.Removed)
            return;
        lock (gate)
            foreach (var place in parked.Where(one => one.Key.Room == room && one.Key.User == eviction.User).Select(one => one.Value))
                place.Removed.TrySetResult();
    }

    private async Task Keep(Visitor visitor, Parked place, long generation)
    {
        var bridge = place.Bridge;
        using (place.Taken)
        {
            var waited = Task.Delay(options.KeepMedia, clock, place.Taken.Token);
            await Task.WhenAny(waited, bridge.HungUp, bridge.Ended, place.Removed.Task);
            lock (gate)
            {
                if (!parked.TryGetValue(visitor, out var there) || there != place)
                    return;
                parked.Remove(visitor);
                GatewayTelemetry.UnparkedOne();
            }
        }
        log.LogDebug("{User} did not come back to {Room}", visitor.User, visitor.Room);
        try
        {
            await End(visitor, bridge, generation);
        }
        catch (Exception failure) when (passing.Includes(failure))
        {
            bridge.LetGo();
            log.LogWarning("The media of {User} in {Room} is left to Janus to end, and its presence to lapse: {Reason}", visitor.User, visitor.Room, failure.Message);
        }
    }

    /// <summary>Under the user's lock, so that no other gateway claims meanwhile what is being ended.</summary>
    private async Task End(Visitor visitor, AudioBridge bridge, long generation)
    {
        if (await locks.TakeIfFree(visitor.Room, visitor.User, CancellationToken.None) is not { } held)
        {
            bridge.LetGo(); // the visitor is back elsewhere
            return;
        }
        try
        {
            await bridge.Close();
            await users.Leave(new LeaveRoom(visitor.Room, visitor.User, generation, "disconnected"), CancellationToken.None);
        }
        finally
        {
            await held.Release(CancellationToken.None);
        }
    }

    private sealed record Parked(AudioBridge Bridge, CancellationTokenSource Taken)
    {
        public TaskCompletionSource Removed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
