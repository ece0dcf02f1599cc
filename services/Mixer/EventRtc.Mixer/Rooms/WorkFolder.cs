using EventRtc.Mixer.Media;

namespace EventRtc.Mixer.Rooms;

/// <summary>Where one mixer keeps its rooms' folders. A lock that ends with the process keeps a second mixer of the same name out.</summary>
public sealed class WorkFolder : IDisposable
{
    private readonly string rooms;
    private readonly FileStream claim;

    /// <exception cref="IOException">Another mixer of this name runs on this machine.</exception>
    public WorkFolder(string path)
    {
        var own = Directory.CreateDirectory(path).FullName;
        rooms = Directory.CreateDirectory(Path.Combine(own, "rooms")).FullName;
        claim = Claim(Path.Combine(own, "lock"));
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

    private static FileStream Claim(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held)
        {
            throw new IOException($"another mixer of this name holds {file}", held);
        }
    }
}
