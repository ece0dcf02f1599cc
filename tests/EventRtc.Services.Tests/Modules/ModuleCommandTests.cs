using System.Text.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary><c>eventrtc modules</c>, <c>mark</c> and <c>unmark</c> against a rooms service that asks for tokens.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ModuleCommandTests(ControlPlane plane) : IAsyncDisposable
{
    private readonly ModuleRig rig = new(plane);

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task All_modules_are_shown_as_a_table_or_as_json()
    {
        var (living, gone) = (ModuleRig.New(), ModuleRig.New(ModuleKind.Mixer));
        await rig.Beat(living, status: Heartbeat.Unwell);
        await rig.MarkAndSee(living, "cordon");
        await rig.Assign(gone);
        await Eventually.True(async () => await rig.Listed(gone) is not null && await rig.Listed(living) is { } json && json.Has("heartbeat") && json.Has("label"), ControlPlane.Patience, "both are listed");

        var table = (await Run("modules")).MustSucceed().Split('\n').Select(line => line.Split('│', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 1).ToList();
        Assert.Equal(["", "Kind", "Id", "Mark", "Status", "Rooms", "Host", "Since", ""], table[0]);
        Assert.Contains(["", "januses", living.Id.Value, "cordon", "unwell", "0/0", "here", "1970-01-01T00:00:00Z", ""], table);
        Assert.Contains(["", "mixers", gone.Id.Value, "", "gone", "1", "", "", ""], table);

        var lines = (await Run("modules", "--json")).MustSucceed().Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal("cordon", lines.Single(json => json.Text("id") == living.Id.Value).Text("label"));
        Assert.Equal(1, lines.Single(json => json.Text("id") == gone.Id.Value).GetProperty("streams").GetInt32());
    }

    [Fact]
    public async Task A_module_is_marked_by_its_name_and_by_its_id_alone_once_it_is_known()
    {
        var module = ModuleRig.New(ModuleKind.Mixer);

        Assert.Equal($"{module} is marked cordon for 90m.", (await Run("mark", $"{module}", "cordon", "--ttl", "90m")).MustSucceed());
        await rig.Shows(module, "cordon");
        await Eventually.True(async () => await rig.Listed(module) is not null, ControlPlane.Patience, "it is listed");
        Assert.Equal($"{module} is marked unready.", (await Run("mark", module.Id.Value, "unready")).MustSucceed());
        await rig.Shows(module, "unready");
        Assert.Null(await rig.Left(module));
        Assert.Equal($"{module} has no mark.", (await Run("unmark", $"{module}")).MustSucceed());
        await rig.Shows(module, null);

        Assert.Equal(["cordon by anonymous", "unready by anonymous", "removed by anonymous"], await rig.History(module));
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_in_one_line()
    {
        var both = ModuleRig.New();
        await rig.MarkAndSee(both, "ready", ttl: 600);
        await rig.MarkAndSee(both with { Kind = ModuleKind.Mixer }, "ready", ttl: 600);
        await Eventually.True(async () => await rig.Listed(both) is not null && await rig.Listed(both with { Kind = ModuleKind.Mixer }) is not null, ControlPlane.Patience, "both are listed");

        (await Run("mark", "nobody-knows-me", "cordon")).MustEndWith(1, "No module has the id 'nobody-knows-me': write januses/nobody-knows-me or mixers/nobody-knows-me.");
        (await Run("drain", both.Id.Value)).MustEndWith(1, "More than one module has the id");
        (await Run("unmark", "gateways/g1")).MustEndWith(1, "'gateways/g1' is no module");
        (await Run("unmark", "januses/a.b")).MustEndWith(1, "'januses/a.b' is no module");
        Assert.Equal(2, (await Run("mark", "januses/j1", "closed")).Code);
        Assert.Equal(2, (await Run("mark", "januses/j1", "cordon", "--ttl", "25h")).Code);
        Assert.Equal(2, (await Run("mark", "januses/j1", "cordon", "--ttl", "soon")).Code);
    }

    [Fact]
    public async Task The_token_says_who_it_is_and_whether_it_may()
    {
        await using var strict = plane.Replica(plane.Deployment.Rooms, ("AUTH_MODE", null));
        await strict.Start();
        var module = ModuleRig.New();
        var (operators, auditors) = (plane.StaffToken(StaffRole.Operator), plane.StaffToken(StaffRole.Auditor));

        (await CommandLine.Run(strict.Url, null, "modules")).MustEndWith(2, "This call needs a token");
        (await CommandLine.Run(strict.Url, auditors, "mark", $"{module}", "cordon")).MustEndWith(2, "The role of this token does not allow that.");
        (await CommandLine.Run(strict.Url, auditors, "modules")).MustSucceed();
        (await CommandLine.Run(strict.Url, operators, "mark", $"{module}", "cordon")).MustSucceed();
        (await CommandLine.Run(strict.Url, null, "unmark", $"{module}", "--token", operators)).MustSucceed();

        Assert.Equal(["cordon by operator:ann", "removed by operator:ann"], await rig.History(module));
    }

    [Fact]
    public async Task A_service_that_is_away_is_told_in_one_line()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Any()}");

        foreach (var command in (string[][])[["modules"], ["mark", "januses/j1", "cordon"], ["unmark", "januses/j1"], ["drain", "j1", "--wait"]])
            (await CommandLine.Run(nobody, null, command)).MustEndWith(2, "does not answer", nobody.Authority, "ROOMS_URL");
    }

    [Fact]
    public async Task Help_teaches_by_an_example()
    {
        foreach (var command in (string[])["modules", "mark", "unmark", "drain"])
            Assert.Contains($"Example: eventrtc {command}", string.Join(' ', (await Run(command, "--help")).MustSucceed().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private Task<Ran> Run(params string[] arguments) => CommandLine.Run(plane.Deployment.Rooms.Url, token: null, arguments);
}
