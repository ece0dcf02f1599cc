namespace EventRtc.Mixer.Media;

/// <summary>Files that are there whole, whoever reads meanwhile and however full the disk is.</summary>
internal static class WholeFile
{
    /// <exception cref="IOException">The disk is full; what was there before is there still.</exception>
    public static void Write(string file, string text)
    {
        File.WriteAllText($"{file}.tmp", text);
        File.Move($"{file}.tmp", file, overwrite: true);
    }
}
