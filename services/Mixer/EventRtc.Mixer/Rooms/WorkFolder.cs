using EventRtc.Hosting;
using EventRtc.Mixer.Media;

namespace EventRtc.Mixer.Rooms;

/// <summary>Where one mixer keeps its rooms' folders. A lock that ends with the process keeps a second mixer of the same name out.</summary>
public sealed class WorkFolder : IDisposable
{
    private const string Variable = "MIXER_WORK_DIR";

    /// <summary>EWOULDBLOCK of Linux, which .NET hands on when a file is locked.</summary>
    private const int Held = 11;

    private readonly string rooms;
    private readonly FileStream claim;

    /// <exception cref="SettingsException">Another mixer of this name runs on this machine, or nothing can be written there.</exception>
    public WorkFolder(string path)
    {
        try
        {
            rooms = Directory.CreateDirectory(Path.Combine(path, "rooms")).FullName;
            claim = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault.HResult == Held)
        {
            throw new SettingsException($"{Variable}: another mixer of this name works in {path}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{Variable}: {fault.Message}");
        }
    }

    /// <summary>The rooms that have a folder, of this run or a former one.</summary>
    public IReadOnlyList<RoomId> Rooms()
    {
        var found = new List<RoomId>();
        foreach (var folder in Directory.EnumerateDirectories(rooms))
            if (RoomId.TryParse(Path.GetFileName(folder), out var room))
                found.Add(room);
        return found;
    }

    /// <summary>Bytes that are free for segments.</summary>
    public long FreeSpace => new DriveInfo(rooms).AvailableFreeSpace;

    public HlsFolder Of(RoomId room) => new(Path.Combine(rooms, room.Value));

    /// <summary>
    /// Ends every ffmpeg that still works in a folder of ours. They die with their mixer, but not one whose mixer died while it was being started:
    /// that one would go on writing beside its successor.
    /// </summary>
    public Task EndLeftovers(TimeProvider clock, CancellationToken ct) => Leftovers.End(rooms, clock, ct);

    public void Dispose() => claim.Dispose();
}
