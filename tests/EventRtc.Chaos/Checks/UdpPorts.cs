using System.Globalization;

namespace EventRtc.Chaos.Checks;

/// <summary>The UDP ports that processes have bound, as Linux tells.</summary>
internal sealed class UdpPorts
{
    /// <summary>Port by the socket's inode.</summary>
    private readonly Dictionary<string, int> bound = File.ReadLines("/proc/net/udp").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .GroupBy(fields => fields[9], StringComparer.Ordinal)
        .ToDictionary(socket => $"socket:[{socket.Key}]", socket => int.Parse(socket.First()[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <returns>In ascending order; none for a process that is gone.</returns>
    public IReadOnlyList<int> Of(int process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().Where(bound.ContainsKey).Select(target => bound[target]).Order()];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
