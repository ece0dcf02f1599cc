using System.CommandLine;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc verify</c>, <c>eventrtc verify FILE</c> and <c>eventrtc verify --head FILE</c></summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "An export or a signed head; needs no database.", Arity = ArgumentArity.ZeroOrOne };
        var head = new Option<FileInfo?>("--head") { Description = "Compares the log with a head that was signed earlier: notices events that were changed or cut off since.", HelpName = "FILE" };
        var key = new Option<FileInfo?>("--key") { Description = "The public key that must have signed. Without it any key will do, and its fingerprint is shown.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Without a file: the findings as one JSON object." };
        return new Command("verify", "Checks that nothing was changed, removed or added: without a file everything that is stored, the log, Redis and etcd. Example: eventrtc verify log.ndjson --key audit-key.pub.pem") { file, head, key, json }
            .Does((arguments, ct) => (arguments.GetValue(file), arguments.GetValue(head)) switch
            {
                (null, null) when arguments.GetValue(key) is null => VerifyDatabase.Run(arguments.GetValue(json), ct),
                ({ } export, null) => VerifyFile.Run(export.FullName, arguments.GetValue(key)?.FullName, ct),
                (null, { } earlier) => VerifyHead.Run(earlier.FullName, arguments.GetValue(key)?.FullName, ct),
                _ => throw new RefusedException("Give either a FILE or --head FILE; --key goes with one of them."),
            });
    }
}
