namespace EventRtc.Hosting.Configuration;

/// <param name="Text">As it was written.</param>
/// <param name="Place">The file and the line it stands in; null for the environment.</param>
public sealed record GivenSetting(string Text, string? Place = null);

/// <param name="Variable">The variable that means the same: <c>ETCD_DIAL_TIMEOUT</c>.</param>
/// <param name="Key">As the file has it: <c>etcd.dialTimeout</c>.</param>
/// <param name="Text">A list's items with commas between; null or empty when nothing is given.</param>
/// <param name="Line">Where the key stands, from 1.</param>
public sealed record FileSetting(string Variable, string Key, string? Text, string File, int Line)
{
    public string Place => $"{File}, line {Line}";
}
