using System.CommandLine;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc export --out FILE</c></summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        var file = new Option<FileInfo>("--out") { Description = "Where the export goes. It appears there only when it is whole.", HelpName = "FILE", Required = true };
        var rooms = new Option<string[]>("--room") { Description = "Only this room; may be given several times.", HelpName = "ROOM" };
        var token = Caller.TokenOption();
        return new Command("export", "Writes the events as NDJSON with the signed head of the log at the end, and records that. Needs AUDIT_KEY_FILE. Example: eventrtc export --out log.ndjson --room lobby") { file, rooms, token }
            .Does((arguments, ct) => Run(arguments.GetRequiredValue(file).FullName, arguments.GetValue(rooms) ?? [], arguments.GetValue(token), ct));
    }

    private static async Task<int> Run(string file, string[] rooms, string? token, CancellationToken ct)
    {
        var caller = Caller.By(token);
        using var key = SigningKey.Load();
        await using var store = Servers.Store();
        foreach (var room in rooms)
            await RoomLog.Read(store, room, ct);
        RoomId[]? only = rooms.Length > 0 ? [.. rooms.Select(RoomId.Parse)] : null;
        var request = new ExportRequest(caller.Masked, only?.Select(room => (room.Value, new StreamId(StreamNames.Of(room)))).ToList());
        var export = new LogExport(store, key, TimeProvider.System);
        var exports = new FactStream<AuditEvent>(store, new StreamId(AuditEvent.Stream), TimeProvider.System);

        var trailer = await NewFile.Write(file, async output =>
            await ProgressBar.Show("exporting", await store.Head(ct), progress => export.Write(output, request, Record, progress, ct)));
        Console.Error.WriteLine($"{trailer.Exported!.Count} of {trailer.Head.Count} events exported to {file}{(caller.Masked ? ", secrets masked" : "")}.");
        return Failures.Done;

        Task Record(LogHead head, ExportedPart part) => exports.Append(
            new AuditEvent.LogExported(caller.Actor, head.At, part.Count, head.LastPosition, part.Digest, caller.Masked, only), caller.Actor, ct);
    }
}
