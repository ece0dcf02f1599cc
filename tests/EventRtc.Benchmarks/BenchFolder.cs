namespace EventRtc.Benchmarks;

/// <summary>Where the servers of one benchmark keep their data; gone with it.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventrtc-bench-");

    public BenchFolder() => folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead; // PostgreSQL runs as its own user

    public string Path => folder.FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
