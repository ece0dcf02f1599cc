using System.CommandLine;
using EventRtc.EventStore;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc key --out FILE</c></summary>
internal static class KeyCommand
{
    public static Command Build()
    {
        var file = new Option<FileInfo>("--out") { Description = "Where the key goes; only its owner can read it. Never overwrites.", HelpName = "FILE", Required = true };
        var open = new Option<FileInfo?>("--public") { Description = "Where its public half goes, for those who verify.", HelpName = "FILE" };
        return new Command("key", "Makes a key that exports are signed with; AUDIT_KEY_FILE names it. Example: eventrtc key --out audit-key.pem --public audit-key.pub.pem") { file, open }
            .Does((arguments, _) => Task.FromResult(Run(arguments.GetRequiredValue(file).FullName, arguments.GetValue(open)?.FullName)));
    }

    private static int Run(string file, string? open)
    {
        foreach (var taken in new[] { file, open }.Where(File.Exists))
            throw new RefusedException($"{taken} exists already; a key is never overwritten.");
        using var key = AuditKey.Create(file, open);
        Console.Out.WriteLine(AuditKey.FingerprintOf(key.PublicKey));
        return Failures.Done;
    }
}
