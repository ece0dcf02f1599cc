namespace EventRtc.Hosting.Configuration;

/// <summary>Settings whose names have an end that is chosen freely, so that no record can have a property for each: <c>LOG_LEVEL__{MODULE}</c>.</summary>
/// <param name="Stem">What all names begin with: <c>LOG_LEVEL__</c>.</param>
/// <param name="Placeholder">What follows, for the page: <c>MODULE</c>.</param>
/// <param name="Text">What they are for, in sentences.</param>
/// <param name="Takes">What a value may be, as the page has it: <c>debug, info, warn</c>.</param>
/// <param name="Default">What holds where none is given, as the page has it.</param>
public sealed record SettingFamily(string Stem, string Placeholder, string Text, string Takes, string Default)
{
    /// <summary>As lists of known settings have it: <c>LOG_LEVEL__*</c>.</summary>
    public string Pattern => $"{Stem}*";
}
