using System.Collections.Concurrent;
using EventRtc.Contracts.Clients;
using EventRtc.Janus.Admin;

namespace EventRtc.Janus.Rooms;

/// <summary>Rooms that this Janus refuses although it answers. After so many refusals in a row another Janus is asked for.</summary>
public sealed class RefusedRooms(RoomsClient rooms, JanusOptions options, ILogger<RefusedRooms> log)
{
    private readonly ConcurrentDictionary<RoomId, int> refusals = new();

    public void Forget(RoomId room) => refusals.TryRemove(room, out _);

    /// <param name="nonce">Of the live session.</param>
    /// <exception cref="JsonRpc.RpcException">The room is to move and cannot; <c>no_capacity</c> passes.</exception>
    /// <exception cref="TimeoutException">The rooms service does not answer.</exception>
    public async Task Count(RoomId room, string nonce, JanusException refusal, CancellationToken ct)
    {
        if (refusals.AddOrUpdate(room, 1, (_, before) => before + 1) < options.MoveAfter)
            return;
        log.LogWarning("{Room}: Janus refuses it again and again ({Reason}), it is to move to another one", room, refusal.Message);
        await rooms.Move(new MoveRoom(room, ModuleKind.Janus, options.Id!.Value, nonce, MoveReasons.Failed(ModuleKind.Janus)), ct);
        Forget(room);
    }
}
