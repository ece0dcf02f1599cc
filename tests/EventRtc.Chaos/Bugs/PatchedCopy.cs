using EventRtc.Hosting.Processes;
using EventRtc.Local;

namespace EventRtc.Chaos.Bugs;

/// <summary>
/// A copy of the sources under artifacts/ in which one bug at a time is put back, built, and set aside. What has not changed since the last time is neither copied nor
/// built again.
/// </summary>
internal static class PatchedCopy
{
    private static readonly string[] Folders = ["domain", "projections", "services"];
    private static readonly string Home = Path.Combine(Checkout.Root, "artifacts", "chaos");
    private static readonly string Source = Path.Combine(Home, "source");

    /// <returns>The folder where the patched project's assemblies lie as they do in a checkout.</returns>
    /// <exception cref="InvalidOperationException">The patch does not apply any more, or does not build; the message has the tool's words.</exception>
    public static async Task<string> Build(Bug bug)
    {
        Synchronize();
        var patch = Path.Combine(Checkout.Root, "tests", "EventRtc.Chaos", "Bugs", $"{bug.Name}.patch");
        await Run("git", "apply", patch);
        await Run("dotnet", "build", bug.Project, "-c", "Release", "-v", "q", "-nologo", "-p:RunAnalyzers=false");
        var built = Path.Combine(Home, bug.Name);
        Copy(Path.Combine(Source, bug.Project, "bin"), Path.Combine(built, bug.Project, "bin"));
        return built;
    }

    /// <summary>Makes the copy the same as the checkout; a file that is the same keeps its time, so that it is not built again.</summary>
    private static void Synchronize()
    {
        var wanted = Directory.EnumerateFiles(Checkout.Root).Concat(Folders.SelectMany(folder => Sources(Path.Combine(Checkout.Root, folder))))
            .ToDictionary(file => Path.GetRelativePath(Checkout.Root, file), StringComparer.Ordinal);
        foreach (var (name, file) in wanted)
        {
            var copy = Path.Combine(Source, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file)))
                File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }
        foreach (var left in Sources(Source).Where(file => !wanted.ContainsKey(Path.GetRelativePath(Source, file))))
            File.Delete(left);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not ("bin" or "obj")).SelectMany(Sources));

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        await using var child = await ChildProcess.Start(new ProcessSpec(program, arguments)
        {
            WorkingDirectory = Source,
            // The copy lies inside the checkout: git is not to take it for a part of that, where it would patch nothing and say so to nobody.
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["GIT_CEILING_DIRECTORIES"] = Home },
        });
        if (await child.Exited != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}:\n{string.Join('\n', child.LastLines)}");
    }
}
