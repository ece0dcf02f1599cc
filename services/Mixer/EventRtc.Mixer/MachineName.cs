namespace EventRtc.Mixer;

/// <summary>What a mixer is called that nobody has named.</summary>
internal static class MachineName
{
    /// <summary><c>mixer-</c> and the machine's name, which in a container is the container's: no two run with the same, and it outlives a restart.</summary>
    /// <param name="machine">A host name; what no module's name may have becomes <c>-</c>.</param>
    public static ModuleId ToMixer(string machine)
    {
        var name = $"mixer-{machine}";
        return new ModuleId(string.Concat(name.Take(ModuleId.MaxLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-')));
    }
}
