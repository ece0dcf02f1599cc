using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Up;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary><c>eventrtc doctor</c> as a process, at a deployment as <c>ops/up</c> describes it.</summary>
internal static class Doctor
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);

    /// <param name="variables">In the place of the deployment's, or beside them.</param>
    public static async Task<Diagnosis> Look(Deployment at, IReadOnlyDictionary<string, string>? variables = null, params string[] arguments)
    {
        await using var process = await Start(at, variables, ["--json", .. arguments]);
        var code = await process.Exited;
        var said = string.Join('\n', process.LastLines);
        Assert.True(code is 0 or 1, said);
        return new Diagnosis(code, JsonElement.Parse(said));
    }

    public static Task<ChildProcess> Start(Deployment at, IReadOnlyDictionary<string, string>? variables, params string[] arguments) => Eventrtc(at, variables, ["doctor", .. arguments]);

    /// <summary>As <c>eventrtc token</c> makes it with the deployment's secret.</summary>
    public static async Task<string> OperatorsToken(Deployment at)
    {
        await using var process = await Eventrtc(at, null, "token", "--role", "operator", "--name", "doctor");
        Assert.Equal(0, await process.Exited);
        return Assert.Single(process.LastLines);
    }

    private static Task<ChildProcess> Eventrtc(Deployment at, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var all = VariablesFile.Variables(at).ToDictionary(variable => variable.Name, variable => (string?)variable.Value, StringComparer.Ordinal);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            all[name] = value;
        return ChildProcess.Start(new ProcessSpec("dotnet", [Checkout.Assembly("ops/EventRtc.Ops"), .. arguments]) { Environment = all });
    }

    /// <summary>No canary is left, once everything runs again.</summary>
    public static async Task LeavesNothing(Deployment at)
    {
        using var http = new HttpClient { BaseAddress = at.Rooms.Url };
        await Eventually.True(async () => (await Canaries(http)).Count == 0, Soon, "no canary is left");
    }

    public static async Task<IReadOnlyList<string>> Canaries(HttpClient rooms) =>
        [.. (await rooms.GetFromJsonAsync<JsonElement>("/api/rooms?after=doctor-")).GetProperty("rooms").EnumerateArray().Select(room => room.GetProperty("roomId").GetString()!).Where(id => id.StartsWith("doctor-", StringComparison.Ordinal))];
}

/// <summary>What the doctor found.</summary>
internal sealed record Diagnosis(int Code, JsonElement Json)
{
    public string Verdict => Json.GetProperty("verdict").GetString()!;

    public IReadOnlyList<Found> Findings { get; } = [.. Json.GetProperty("findings").EnumerateArray().Select(finding => finding.Deserialize<Found>(JsonSerializerOptions.Web)!)];

    /// <summary>What is wrong, without what only follows from it elsewhere.</summary>
    public IEnumerable<string> Failed => Findings.Where(finding => finding.Verdict is "fail").Select(finding => finding.Check).Distinct();

    public Found Of(string check, string about) => Assert.Single(Findings, finding => finding.Check == check && finding.About.Contains(about, StringComparison.Ordinal));

    public Diagnosis MustFail(string check, string about, string seen, string next)
    {
        var found = Of(check, about);
        Assert.Equal((1, "fail", "fail"), (Code, Verdict, found.Verdict));
        Assert.Contains(seen, found.Seen, StringComparison.Ordinal);
        Assert.Contains(next, found.Next, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Json.ToString(), StringComparison.Ordinal);
        return this;
    }

    public override string ToString() => string.Join('\n', Findings.Select(finding => $"{finding.Verdict,-7} {finding.Check}, {finding.About}: {finding.Seen}"));
}

internal sealed record Found(string Check, string About, string Verdict, string Seen, string? Next = null);
