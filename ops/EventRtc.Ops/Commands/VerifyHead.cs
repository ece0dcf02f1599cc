using System.Text.Json;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Ops.Commands;

/// <summary>Compares the log as it is now with a head that was signed earlier, be it by itself or at the end of an export.</summary>
internal static class VerifyHead
{
    internal static async Task<int> Run(string file, string? key, CancellationToken ct)
    {
        var signed = Read(file, key is null ? null : AuditKey.ReadPublic(key));
        await using var store = Servers.Store();
        var (now, since) = await ProgressBar.Show("reading", new Position(signed.Head.LastPosition), progress => ReadUpTo(store, new Position(signed.Head.LastPosition), progress, ct));

        var head = signed.Head;
        if (now.Count != head.Count)
            throw new RefusedException($"The log was changed: up to position {head.LastPosition} it has {now.Count} events, and had {head.Count} at {IsoTime.Text(head.At)}.");
        if (now.Value != head.Digest)
            throw new RefusedException($"The log was changed: its first {head.Count} events are not what they were at {IsoTime.Text(head.At)}; 'eventrtc verify' of an export of that time tells which.");
        Console.Out.WriteLine($"OK: the {head.Count} events of {IsoTime.Text(head.At)} are as they were, and {since} came since.");
        Console.Out.WriteLine(VerifyFile.Signer(signed, compared: key is not null));
        return Failures.Done;
    }

    private static SignedHead Read(string file, string? key)
    {
        try
        {
            var line = File.ReadLines(file).LastOrDefault() ?? "";
            var signed = SignedHead.Parse(line);
            if (!SignedHead.IsGenuine(line))
                throw new RefusedException($"{file}: the signature does not fit the head: it was changed.");
            if (key is not null && signed.Key != key)
                throw new RefusedException($"{file} was signed with another key, {AuditKey.FingerprintOf(signed.Key)}, than the given one, {AuditKey.FingerprintOf(key)}.");
            return signed;
        }
        catch (JsonException)
        {
            throw new RefusedException($"{file} does not end with a signed head.");
        }
    }

    private static async Task<(LogDigest Digest, long Since)> ReadUpTo(PostgresEventStore store, Position last, Action<LogDigest>? progress, CancellationToken ct)
    {
        var digest = new LogDigest();
        var since = 0L;
        await foreach (var batch in store.ReadLog(Position.Start, ct: ct))
            using (batch)
            {
                foreach (var row in batch.Rows)
                    if (row.Position <= last)
                        digest.Add(row.Position, EventHash.Of(row.ToEvent()));
                    else
                        since++;
                progress?.Invoke(digest);
            }
        return (digest, since);
    }
}
