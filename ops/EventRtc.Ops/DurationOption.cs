using System.CommandLine;

namespace EventRtc.Ops;

internal static class DurationOption
{
    /// <param name="absent">The value without the option.</param>
    public static Option<TimeSpan> Named(string name, string description, TimeSpan absent, TimeSpan least, TimeSpan most) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => absent,
        CustomParser = given =>
        {
            if (!Hosting.Settings.TryDuration(given.Tokens[0].Value, out var time) || time < least || time > most)
                given.AddError($"{name}: '{given.Tokens[0].Value}' is not a duration such as 30m or 8h, from {least.TotalSeconds:0}s to {most.TotalHours:0}h.");
            return time;
        },
    };

    /// <summary>As the option takes it: <c>90s</c>, <c>5m</c>, <c>8h</c>.</summary>
    public static string Text(TimeSpan time) => time.Ticks switch
    {
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours:0}h",
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes:0}m",
        _ => $"{time.TotalSeconds:0.###}s",
    };
}
