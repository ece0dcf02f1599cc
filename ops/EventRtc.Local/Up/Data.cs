namespace EventRtc.Local.Up;

/// <summary>What a deployment keeps between runs.</summary>
internal static class Data
{
    /// <summary>Ends what a former run left and deletes its data; the lock file stays.</summary>
    public static async Task Drop(string folder)
    {
        await new Leftovers(folder).Sweep();
        foreach (var kept in Directory.GetDirectories(folder).Append(Servers.PostgresServer.Reachable(Path.Combine(folder, "postgres"))).Where(Directory.Exists))
            Directory.Delete(kept, recursive: true);
    }
}
