using System.Security.Cryptography;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms.Http;

/// <summary>POST /api/rooms/{id}/start</summary>
public static class StartRoom
{
    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, ModulePicker modules, HlsOptions hls, TimeProvider clock, CancellationToken ct)
    {
        if (!RoomId.TryParse(id, null, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        var handled = modules.Pick() is var (janus, mixer)
            ? await rooms.Handle(new RoomCommand.StartLive(room, janus, mixer, NewNonce(), clock.GetUtcNow()), Caller.Of(http), ct)
            : await WithoutCapacity(room, rooms, ct);
        return handled switch
        {
            Handled<RoomState>.Done { State: RoomState.Existing live } => Results.Ok(new OneRoom(RoomAnswer.Of(live, hls))),
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            var other => throw new InvalidOperationException($"{other} after starting a room"),
        };
    }

    /// <summary>Of one live session: it goes into the key URL, so that no player meets the key of another session.</summary>
    public static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A room that is live already needs no place, and an unknown one is refused as such.</summary>
    private static async Task<Handled<RoomState>> WithoutCapacity(RoomId room, RoomCommands rooms, CancellationToken ct) => await rooms.Find(room, ct) switch
    {
        RoomState.OnAir live => new Handled<RoomState>.Done(live, Version: 0, Appended: false),
        RoomState.Vacant => new Handled<RoomState>.Refused(RoomRejections.NotFound),
        RoomState.Removing => new Handled<RoomState>.Refused(RoomRejections.Removing),
        _ => new Handled<RoomState>.Refused(RoomRejections.NoCapacity),
    };
}
