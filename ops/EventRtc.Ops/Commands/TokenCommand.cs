using System.CommandLine;
using EventRtc.Contracts.Tokens;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc token --role operator</c></summary>
internal static class TokenCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public static Command Build()
    {
        var role = new Option<string>("--role") { Description = "operator sees secrets, auditor does not.", HelpName = "ROLE", Required = true }.AcceptOnlyFromAmong("operator", "auditor");
        var name = new Option<string>("--name") { Description = "Who it is for: records name it.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };
        var ttl = DurationOption.Named("--ttl", $"How long it is good: 30m, 8h, at most {Longest.TotalHours:0}h.", TimeSpan.FromHours(8), TimeSpan.FromSeconds(1), Longest);
        name.Validators.Add(given =>
        {
            if (!StaffClaims.IsName(given.GetValueOrDefault<string>()))
                given.AddError("--name: 1 to 128 characters on one line.");
        });
        return new Command("token", "Makes a staff token, signed with JWT_SECRET. Example: EVENTRTC_TOKEN=$(eventrtc token --role operator --name ann)") { role, name, ttl }
            .Does((arguments, _) => Task.FromResult(Run(arguments.GetRequiredValue(role), arguments.GetRequiredValue(name), arguments.GetRequiredValue(ttl))));
    }

    private static int Run(string role, string name, TimeSpan ttl)
    {
        var tokens = new StaffTokens(Servers.Settings<JwtOptions>("JWT"), TimeProvider.System);
        Console.Out.WriteLine(tokens.For(Enum.Parse<StaffRole>(role, ignoreCase: true), name, ttl));
        return Failures.Done;
    }
}
