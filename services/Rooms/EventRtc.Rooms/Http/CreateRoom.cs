using System.Security.Cryptography;
using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms.Http;

/// <summary>POST /api/rooms</summary>
public static class CreateRoom
{
    private const int DefaultMaxAnchors = 3;

    internal static readonly BodyField[] Body =
    [
        new("roomId", Shapes.RoomId, "Its name; a new one without it."),
        new("pin", Shape.Text("^[A-Za-z0-9]{6}$"), "What anchors say to join; six digits by chance without it."),
        new("maxAnchors", Shape.Whole(1, 5), $"Speakers at once; {DefaultMaxAnchors} without it."),
        new("start", Shape.Flag, "Whether it goes on air at once; false without it."),
    ];

    public static async Task<IResult> Handle(JsonElement? body, HttpContext http, RoomCommands rooms, ModulePicker modules, HlsOptions hls, TimeProvider clock, CancellationToken ct)
    {
        var context = Caller.Of(http);
        var fields = new Fields(body);
        var room = fields.Read("roomId", "3 to 32 of A-Z a-z 0-9 _ -", NewId(context.CommandId), json => RoomId.TryParse(json.GetString(), out var id) ? id : null);
        var pin = fields.Read("pin", "exactly 6 letters or digits", NewPin(), json => json.GetString() is { } text && IsPin(text) ? text : null);
        var maxAnchors = fields.Read("maxAnchors", "a whole number from 1 to 5", DefaultMaxAnchors, json => json.TryGetInt32(out var number) && number is >= 1 and <= 5 ? number : null);
        var start = fields.Read("start", "true or false", false, json => json.GetBoolean());
        if (fields.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);

        var now = clock.GetUtcNow();
        var create = new RoomCommand.CreateRoom(room, pin, maxAnchors, now);
        RoomCommand[] commands = start ? [create, StartRoom.Command(room, modules, now)] : [create];
        return await rooms.Handle(room, commands, context, ct) switch
        {
            Handled<RoomState>.Done { State: RoomState.Existing created } => Results.Created($"/api/rooms/{room}", new OneRoom(RoomAnswer.Of(created, hls, showPin: true))),
            Handled<RoomState>.Refused refused => Refusals.ToHttp(refused.Why),
            var other => throw new InvalidOperationException($"{other} after creating a room"),
        };
    }

    private static bool IsPin(string text) => text.Length == 6 && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Follows from the command, so that a repeated call without an id means the same room.</summary>
    private static RoomId NewId(Guid command) => new($"room-{command.ToString("N")[..12]}");

    private static string NewPin() => RandomNumberGenerator.GetString("0123456789", 6);
}
