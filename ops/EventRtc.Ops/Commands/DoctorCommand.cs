using System.CommandLine;
using EventRtc.Ops.Doctor;
using EventRtc.Ops.Modules;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc doctor</c></summary>
internal static class DoctorCommand
{
    private const string Canary = "canary";

    private sealed record Asked(IReadOnlySet<string> Skip, TimeSpan Within, TimeSpan CanaryWithin, bool Strict, bool Json, string? Token);

    public static Command Build()
    {
        var noCanary = new Option<bool>("--no-canary") { Description = "Looks only; makes no room." };
        var skip = new Option<string[]>("--skip") { Description = "A check to leave out, as one that cannot be done from here; may be repeated.", HelpName = "CHECK", DefaultValueFactory = _ => [] };
        skip.AcceptOnlyFromAmong([.. Patient.CheckNames]);
        var within = DurationOption.Named("--timeout", "How long a check may take; all run at once.", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var canaryWithin = DurationOption.Named("--canary-timeout", "How long each step of the canary may take: until its room is on air, until it is heard, until it is gone.", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var strict = new Option<bool>("--strict") { Description = "Exit code 1 also for warnings." };
        var json = new Option<bool>("--json") { Description = "One JSON object: the verdict, and the findings." };
        var token = RoomsService.TokenOption();
        return new Command(
            "doctor",
            "Looks at a whole deployment from the outside: servers, schema, services, modules, clocks, ports, disks, lag, and a room of its own that goes on air and is removed. Says what is wrong and what to do. Exit code 1 when something is. It finds the processes by DOCTOR_ROOMS_URLS, DOCTOR_WEB_URL ... Example: eventrtc doctor --strict")
            { noCanary, skip, within, canaryWithin, strict, json, token }
            .Does((arguments, ct) => Run(
                new Asked(
                    arguments.GetValue(skip)!.Concat(arguments.GetValue(noCanary) ? [Canary] : Array.Empty<string>()).ToHashSet(StringComparer.Ordinal), arguments.GetValue(within), arguments.GetValue(canaryWithin),
                    arguments.GetValue(strict), arguments.GetValue(json), arguments.GetValue(token) ?? Servers.Settings<CallerOptions>("EVENTRTC").Token),
                ct));
    }

    private static async Task<int> Run(Asked asked, CancellationToken ct)
    {
        await using var patient = await Patient.Find(asked.Token, asked.Within, ct);
        var checks = patient.Checks(asked.CanaryWithin);
        var findings = await WorkBar.Show(bar => Look(checks, asked, bar, ct));
        var diagnosis = new Diagnosis([.. findings.SelectMany(some => some)]);
        if (asked.Json)
            Output.Json(diagnosis);
        else
            diagnosis.Print();
        return diagnosis.ExitCode(asked.Strict);
    }

    private static async Task<IReadOnlyList<Finding>[]> Look(IReadOnlyList<Check> checks, Asked asked, Action<string, long, long>? bar, CancellationToken ct)
    {
        var done = 0;
        return await Task.WhenAll(checks.Select(async check =>
        {
            var findings = asked.Skip.Contains(check.Name) ? [new Finding(check.Name, "all of it", Verdict.Skipped, "as asked")] : await check.Run(asked.Within, ct);
            bar?.Invoke("checks", Interlocked.Increment(ref done), checks.Count);
            return findings;
        }));
    }
}
