using System.CommandLine;
using System.Text;
using EventRtc.EventStore;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc head</c></summary>
internal static class HeadCommand
{
    public static Command Build()
    {
        var file = new Option<FileInfo?>("--out") { Description = "Where it goes. Default: the terminal.", HelpName = "FILE" };
        return new Command("head", "Signs how long the log is and what it says: kept elsewhere, it shows later whether events were cut off. Needs AUDIT_KEY_FILE. Example: eventrtc head --out head.json") { file }
            .Does((arguments, ct) => Run(arguments.GetValue(file)?.FullName, ct));
    }

    private static async Task<int> Run(string? file, CancellationToken ct)
    {
        using var key = SigningKey.Load();
        await using var store = Servers.Store();
        var head = await ProgressBar.Show("reading", await store.Head(ct), progress => new LogExport(store, key, TimeProvider.System).Head(progress, ct));
        if (file is null)
            Console.Out.WriteLine(head.ToJson());
        else
            await NewFile.Write(file, async output =>
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes($"{head.ToJson()}\n"), ct);
                return head;
            });
        return Failures.Done;
    }
}
