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
        if (!RoomId.TryParse(id, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        return await rooms.Handle(Command(room, modules, clock.GetUtcNow()), state => Caller.Refuse(state, http), Caller.Of(http), ct) switch
        {
            Handled<RoomState>.Done { State: RoomState.Existing live } => Results.Ok(new OneRoom(RoomAnswer.Of(live, hls))),
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            var other => throw new InvalidOperationException($"{other} after starting a room"),
        };
    }

    internal static RoomCommand Command(RoomId room, ModulePicker modules, DateTimeOffset now) =>
        new RoomCommand.StartLive(room, modules.Pick(ModuleKind.Janus), modules.Pick(ModuleKind.Mixer), NewNonce(), now);

    /// <summary>Of one live session: it goes into the key URL, so that no player meets the key of another session.</summary>
    private static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
