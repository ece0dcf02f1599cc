namespace EventRtc.Local.Servers;

/// <summary>Appends a child's output to a file, line by line; started anew when it has grown past 10 MB.</summary>
internal sealed class LineLog : IDisposable
{
    private const long LargestKept = 10_000_000;
    private readonly Lock gate = new();
    private readonly StreamWriter writer;
    private bool closed;

    public LineLog(string file)
    {
        var keep = File.Exists(file) && new FileInfo(file).Length < LargestKept;
        writer = new StreamWriter(file, append: keep) { AutoFlush = true };
    }

    public void Write(string line)
    {
        lock (gate)
            if (!closed)
                writer.WriteLine(line);
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            writer.Dispose();
        }
    }
}
