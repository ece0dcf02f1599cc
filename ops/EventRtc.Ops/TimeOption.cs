using System.CommandLine;
using EventRtc.Domain;

namespace EventRtc.Ops;

internal static class TimeOption
{
    public static Option<DateTimeOffset?> Named(string name, string description) => new(name)
    {
        Description = $"{description} ISO 8601, UTC without an offset.",
        HelpName = "TIME",
        CustomParser = given =>
        {
            var time = IsoTime.Parse(given.Tokens[0].Value);
            if (time is null)
                given.AddError($"{name}: '{given.Tokens[0].Value}' is not {IsoTime.Rule}.");
            return time;
        },
    };
}
