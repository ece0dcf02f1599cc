namespace EventRtc.Local.Up;

/// <summary>Holds a folder for one <c>ops/up</c> at a time, by a file lock that ends with the process however it ends.</summary>
internal static class OnlyOne
{
    /// <exception cref="AlreadyRunningException">Another one holds it.</exception>
    public static IDisposable In(string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new AlreadyRunningException($"EventRtc already runs in {folder}. Stop it there first (Ctrl-C), or give this one another place with --folder.");
        }
    }
}

/// <summary>The folder is in use; the message is meant for the person at the terminal.</summary>
internal sealed class AlreadyRunningException(string message) : Exception(message);
