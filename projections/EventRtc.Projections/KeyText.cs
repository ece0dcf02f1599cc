namespace EventRtc.Projections;

/// <summary>Keys of the form <c>{prefix}{id}/{name}</c>.</summary>
internal static class KeyText
{
    /// <exception cref="ArgumentException">The prefix does not begin and end with a slash: a list under it would meet other keys.</exception>
    public static string Prefix(string prefix) =>
        prefix is ['/', .., '/']
            ? prefix
            : throw new ArgumentException($"The key prefix '{prefix}' must begin and end with a slash.", nameof(prefix));

    public static bool TrySplit(string key, string prefix, out string? id, out string? name)
    {
        var slash = key.StartsWith(prefix, StringComparison.Ordinal) ? key.IndexOf('/', prefix.Length) : -1;
        (id, name) = slash < 0 ? default : (key[prefix.Length..slash], key[(slash + 1)..]);
        return slash >= 0;
    }
}
