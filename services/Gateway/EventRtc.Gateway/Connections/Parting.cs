using EventRtc.Contracts.Clients;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Connections;

/// <summary>Gives up what a connection has, as far as its farewell says. The place comes last: who waits for it finds the rest done.</summary>
public sealed class Parting(ConnectionParts parts, Visitor visitor)
{
    /// <param name="place">Null when the connection has none, and so nothing else.</param>
    /// <param name="reason">Null when there is nobody to be told.</param>
    public async Task Part(Farewell farewell, HeldLock? place, AudioBridge? media, string? reason)
    {
        if (place is null)
            return;
        try
        {
            // The user's next connection may have claimed the session already: then it is not ours to end.
            var end = farewell is Farewell.Leave && await place.Look(CancellationToken.None) is LockState.Taken ? Farewell.Yield : farewell;
            await Part(end, media, place.Generation, reason);
            await place.Release(CancellationToken.None);
        }
        catch
        {
            media?.LetGo(); // Janus ends what nobody keeps alive
            throw;
        }
    }

    private async Task Part(Farewell farewell, AudioBridge? media, long generation, string? reason)
    {
        switch (farewell)
        {
            case Farewell.Yield:
                media?.LetGo();
                break;
            case Farewell.Stay when media is { InRoom: true }:
                KeepForLater(media, generation);
                break;
            default:
                if (media is not null)
                    await media.Close();
                if (farewell is Farewell.Leave && reason is not null)
                    await parts.Users.Leave(new LeaveRoom(visitor.Room, visitor.User, generation, reason), CancellationToken.None);
                break;
        }
    }

    /// <summary>A gateway that stops leaves it to Janus to keep, as one that dies does.</summary>
    private void KeepForLater(AudioBridge media, long generation)
    {
        if (parts.IsStopping)
            media.LetGo();
        else
            parts.Parked.Park(visitor, media, generation);
    }
}
