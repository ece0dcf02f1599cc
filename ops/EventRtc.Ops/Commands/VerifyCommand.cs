using System.CommandLine;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc verify FILE</c> and <c>eventrtc verify --head FILE</c></summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "An export or a signed head; needs no database.", Arity = ArgumentArity.ZeroOrOne };
        var head = new Option<FileInfo?>("--head") { Description = "Compares the log with a head that was signed earlier: notices events that were changed or cut off since.", HelpName = "FILE" };
        var key = new Option<FileInfo?>("--key") { Description = "The public key that must have signed. Without it any key will do, and its fingerprint is shown.", HelpName = "FILE" };
        return new Command("verify", "Checks that nothing was changed, removed or added. Example: eventrtc verify log.ndjson --key audit-key.pub.pem") { file, head, key }
            .Does((arguments, ct) => (arguments.GetValue(file), arguments.GetValue(head)) switch
            {
                ({ } export, null) => VerifyFile.Run(export.FullName, arguments.GetValue(key)?.FullName, ct),
                (null, { } earlier) => VerifyHead.Run(earlier.FullName, arguments.GetValue(key)?.FullName, ct),
                _ => throw new RefusedException("Nothing to verify: give either a FILE or --head FILE."),
            });
    }
}
