using System.Collections.Concurrent;
using System.Text.Json;
using EventRtc.Hosting.Configuration;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Configuration;

/// <summary>What one of our programs says of its settings.</summary>
/// <param name="Service">Its name: <c>rooms</c>, or <c>eventrtc</c> for the command line.</param>
public sealed record ProgramSettings(string Service, IReadOnlyList<SettingDescription> Settings)
{
    private const string CommandLine = "ops/EventRtc.Ops";
    private static readonly string[] Services = ["services", "projections"];

    /// <summary>Asks every service of this checkout, and the command line. As built: all of it must have been built before.</summary>
    /// <exception cref="InvalidOperationException">One of them does not answer.</exception>
    public static async Task<IReadOnlyList<ProgramSettings>> OfAll()
    {
        var services = Services
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "Program.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Checkout.Root, Path.GetDirectoryName(file)!));
        var answers = new ConcurrentBag<ProgramSettings>();
        await Parallel.ForEachAsync(services, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (project, _) => answers.Add(await Ask(project, "--settings")));
        return [.. answers.OrderBy(answer => answer.Service, StringComparer.Ordinal), await Ask(CommandLine, "settings")];
    }

    private static async Task<ProgramSettings> Ask(string project, string argument)
    {
        var lines = new ConcurrentQueue<string>();
        await using var program = await ChildProcess.Start(new ProcessSpec("dotnet", Checkout.Assembly(project), argument) { OnLine = lines.Enqueue });
        return await program.Exited == 0
            ? JsonSerializer.Deserialize<ProgramSettings>(string.Join('\n', lines), JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"{project} does not say its settings: {string.Join('\n', lines)}");
    }
}
