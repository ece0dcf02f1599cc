namespace EventRtc.Services.Tests;

/// <summary>A folder for one test, deleted at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventrtc-");

    public string Path => folder.FullName;

    /// <summary>A new folder inside.</summary>
    public string Sub(string name) => folder.CreateSubdirectory(name).FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
