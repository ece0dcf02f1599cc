using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Ops.Commands;

/// <summary>Checks an export, or a head by itself, without a database.</summary>
internal static class VerifyFile
{
    internal static async Task<int> Run(string file, string? key, CancellationToken ct)
    {
        var expected = key is null ? null : AuditKey.ReadPublic(key);
        var check = new ExportCheck();
        using (var lines = new StreamReader(file))
            while (await lines.ReadLineAsync(ct) is { } line)
                check.Read(line);
        check.End(expected);

        foreach (var fault in check.Faults)
            Console.Out.WriteLine($"line {fault.Line}: {fault.What}");
        if (check.FurtherFaults > 0)
            Console.Out.WriteLine($"and {check.FurtherFaults} more");
        if (check.Unhashed > 0)
            Console.Out.WriteLine($"{check.Unhashed} events are from before events were hashed: they are as they were at the export, and nothing tells about the time before.");
        if (check.Faults.Count > 0)
            throw new RefusedException($"{file} is not as it was signed.");
        if (check.Trailer?.Only?.Any(name => !RoomId.TryParse(name, out _)) is true)
            throw new RefusedException($"{file} is signed for rooms that cannot be.");
        Console.Out.WriteLine(Praise(check));
        Console.Out.WriteLine(Signer(check.Trailer!, compared: key is not null));
        return Failures.Done;
    }

    /// <summary>Whose signature it is, and whether that means anything yet.</summary>
    internal static string Signer(SignedHead head, bool compared) => compared
        ? $"Signed with the given key, {AuditKey.FingerprintOf(head.Key)}."
        : $"Signed with the key {AuditKey.FingerprintOf(head.Key)}; it was not compared with anything: --key does that.";

    private static string Praise(ExportCheck check) => check.Trailer switch
    {
        { Exported: null, Head: var head } => $"OK: a signed head of {head.Count} events up to position {head.LastPosition}.",
        { Only: { } rooms, Head: var head } => $"OK: {check.Events} events of {string.Join(", ", rooms)}, out of a log of {head.Count}.",
        { Head: var head } => $"OK: {check.Events} events, the whole log up to position {head.LastPosition}.",
        null => throw new System.Diagnostics.UnreachableException("A file without a trailer has a fault."),
    };
}
