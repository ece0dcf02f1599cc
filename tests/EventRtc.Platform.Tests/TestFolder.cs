namespace EventRtc.Platform.Tests;

/// <summary>A folder for one server, readable by every user (PostgreSQL runs as its own) and deleted at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"eventrtc-{Guid.NewGuid():N}"));

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
