using System.Security.Cryptography;
using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http;

/// <summary>POST /api/rooms</summary>
public static class CreateRoom
{
    private const int DefaultMaxAnchors = 3;

    public static async Task<IResult> Handle(JsonElement body, HttpContext http, RoomCommands rooms, ModulePicker modules, HlsOptions hls, TimeProvider clock, CancellationToken ct)
    {
        var context = Caller.Of(http);
        var fields = new Fields(body);
        var room = fields.Read("roomId", "3 to 32 of A-Z a-z 0-9 _ -", json => RoomId.TryParse(json.GetString(), null, out var id) ? id : null, NewId(context.CommandId));
        var pin = fields.Read("pin", "exactly 6 letters or digits", json => IsPin(json.GetString()!) ? json.GetString() : null, NewPin());
        var maxAnchors = fields.Read("maxAnchors", "a whole number from 1 to 5", json => json.TryGetInt32(out var number) && number is >= 1 and <= 5 ? number : (int?)null, DefaultMaxAnchors);
        var start = fields.Read("start", "true or false", json => json.GetBoolean(), (bool?)false);
        if (fields.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);

        var now = clock.GetUtcNow();
        var commands = new List<RoomCommand> { new RoomCommand.CreateRoom(room!.Value, pin!, maxAnchors!.Value, now) };
        if (start is true)
        {
            if (modules.Pick() is not var (janus, mixer))
                return Refusals.ToHttp(RoomRejections.NoCapacity);
            commands.Add(new RoomCommand.StartLive(room.Value, janus, mixer, StartRoom.NewNonce(), now));
        }
        return await rooms.Handle(room.Value, commands, context, ct) switch
        {
            Handled<RoomState>.Done { State: RoomState.Existing created } => Results.Json(new OneRoom(RoomAnswer.Of(created, hls, showPin: true)), statusCode: StatusCodes.Status201Created),
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            var other => throw new InvalidOperationException($"{other} after creating a room"),
        };
    }

    private static bool IsPin(string text) => text.Length == 6 && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Follows from the command, so that a repeated call without an id means the same room.</summary>
    private static RoomId? NewId(Guid command) => RoomId.Parse($"room-{command.ToString("N")[..12]}", null);

    private static string NewPin() => RandomNumberGenerator.GetString("0123456789", 6);
}
