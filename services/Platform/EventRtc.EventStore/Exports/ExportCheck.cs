using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>What is wrong with a line of an export.</summary>
/// <param name="Line">From 1 upwards; one behind the last for what is missing at the end.</param>
public sealed record ExportFault(long Line, string What);

/// <summary>
/// Checks an export, or a head by itself, without a database: that each hash is that of its content, that no event of a stream is missing, and that the whole
/// is what was signed. Feed it the lines in order, then <see cref="End"/>.
/// </summary>
public sealed class ExportCheck
{
    private const int MostFaults = 100;
    private readonly Dictionary<string, StreamTip> streams = new(StringComparer.Ordinal);
    private readonly List<ExportFault> faults = [];
    private readonly LogDigest digest = new();
    private long line;
    private long trailerLine;

    /// <summary>The first of them, in the order of their lines.</summary>
    public IReadOnlyList<ExportFault> Faults => faults;

    /// <summary>Those beyond the first, which are only counted.</summary>
    public long FurtherFaults { get; private set; }

    public long Events { get; private set; }

    /// <summary>Events from before events were hashed: the signature covers what they say without secrets, but not whether it was so from the beginning.</summary>
    public long Unhashed { get; private set; }

    /// <summary>The signed head; null while it has not come.</summary>
    public SignedHead? Trailer { get; private set; }

    public void Read(string text)
    {
        line++;
        try
        {
            if (Trailer is not null)
                Fault(line, $"stands behind the signed trailer of line {trailerLine}");
            else if (text.StartsWith("{\"head\"", StringComparison.Ordinal))
                ReadTrailer(text);
            else
                ReadEvent(text);
        }
        catch (JsonException fault)
        {
            Fault(line, $"cannot be read: {(fault.LineNumber is null ? fault.Message : $"not JSON at byte {fault.BytePositionInLine}")}");
        }
    }

    /// <param name="key">The public key that must have signed; null leaves that to the reader.</param>
    public void End(string? key)
    {
        if (Trailer is null)
            Fault(line + 1, "the signed trailer is missing: the file was cut off");
        else if (key is not null && Trailer.Key != key)
            Fault(trailerLine, $"signed with another key ({Fingerprint(Trailer.Key)}) than the given one ({Fingerprint(key)})");
    }

    private void ReadEvent(string text)
    {
        Events++;
        var (e, hash) = ExportLine.Read(text);
        if (e.Position <= digest.Last)
            Fault(line, $"position {e.Position} follows position {digest.Last}: the order was changed");
        CheckChain(e);
        if (e.Proof is null)
            Unhashed++;
        else if (e.Proof.Hash != hash)
            Fault(line, $"the content was changed: its hash is {hash}, and was {e.Proof.Hash}");
        digest.Add(e.Position, hash);
        streams[e.Stream.Value] = e.Tip;
    }

    private void CheckChain(RecordedEvent e)
    {
        var before = streams.GetValueOrDefault(e.Stream.Value);
        if (e.Version != before.Version + 1)
            Fault(line, $"version {e.Version} of {e.Stream} follows version {before.Version}: {(e.Version > before.Version ? "an event is missing before it" : "it stands there twice, or in the wrong order")}");
        else if (e.Proof is null && before.Hash is not null)
            Fault(line, $"version {e.Version} of {e.Stream} has no hash although the one before it has: another program wrote it, or it was changed");
        else if (e.Proof is not null && e.Proof.PreviousHash != before.Hash)
            Fault(line, $"previousHash is not the hash of version {before.Version} of {e.Stream}: one of the two was changed");
    }

    private void ReadTrailer(string text)
    {
        Trailer = SignedHead.Parse(text);
        trailerLine = line;
        if (!SignedHead.IsGenuine(text))
            Fault(line, "the signature does not fit the trailer: it was changed");
        if (Trailer.Exported is { } signed && signed.Count != Events)
            Fault(line, $"{signed.Count} events were signed, and {Events} are here");
        else if (Trailer.Exported is { } whole && whole.Digest != digest.Value)
            Fault(line, $"the events are not the signed ones: their digest is {digest.Value}, and was {whole.Digest}");
        else if (Trailer.Exported is null && Events > 0)
            Fault(line, "a head by itself stands behind events: it is not their trailer");
    }

    private void Fault(long at, string what)
    {
        if (faults.Count < MostFaults)
            faults.Add(new ExportFault(at, what));
        else
            FurtherFaults++;
    }

    private static string Fingerprint(string key)
    {
        try
        {
            return AuditKey.FingerprintOf(key);
        }
        catch (FormatException)
        {
            return "no key at all";
        }
    }
}
