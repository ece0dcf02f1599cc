using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

/// <summary>Every row of the tables and examples by which levels were asked for, at real loggers.</summary>
public sealed class LevelTests
{
    private static readonly (string, string)[] Scenario = [("LOG_LEVEL", "warn"), ("LOG_LEVEL__RESOURCE_MGR", "debug"), ("LOG_LEVEL__RESOURCE_MGR__MIXER_WORKER", "error")];

    [Theory]
    [InlineData("RoomSvc", "ROOM_SVC")]
    [InlineData("ResourceMgr.JanusWorker", "RESOURCE_MGR__JANUS_WORKER")]
    [InlineData("ResourceMgr.MixerWorker", "RESOURCE_MGR__MIXER_WORKER")]
    [InlineData("ResourceMgr", "RESOURCE_MGR")]
    public void A_modules_name_is_converted(string module, string variable) => Assert.Equal(variable, ScreamingSnake.Of(module));

    [Theory]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("fatal", LogLevel.Critical)]
    public void LOG_LEVEL_holds_for_every_module(string value, LogLevel least)
    {
        using var rig = new LogRig(("LOG_LEVEL", value));
        foreach (var module in (string[])["Main", "RoomSvc", "ResourceMgr.JanusWorker"])
            MustBegin(rig.Logger(module), least);
    }

    [Fact]
    public void Without_any_variable_it_is_info()
    {
        using var rig = new LogRig();
        MustBegin(rig.Logger("RoomSvc"), LogLevel.Information);
    }

    /// <summary>Most specific, parent, all, fallback: each row takes the strongest one away.</summary>
    [Theory]
    [InlineData(LogLevel.Debug, "LOG_LEVEL__RESOURCE_MGR__JANUS_WORKER=debug", "LOG_LEVEL__RESOURCE_MGR=error", "LOG_LEVEL=fatal")]
    [InlineData(LogLevel.Error, "LOG_LEVEL__RESOURCE_MGR=error", "LOG_LEVEL=fatal")]
    [InlineData(LogLevel.Critical, "LOG_LEVEL=fatal")]
    [InlineData(LogLevel.Information)]
    public void The_most_specific_that_is_set_counts(LogLevel least, params string[] variables)
    {
        using var rig = new LogRig([.. variables.Select(one => (one.Split('=')[0], one.Split('=')[1]))]);
        MustBegin(rig.Logger("ResourceMgr.JanusWorker"), least);
    }

    [Theory]
    [InlineData("Main", LogLevel.Warning)]
    [InlineData("RoomSvc", LogLevel.Debug)]
    [InlineData("ResourceMgr", LogLevel.Information)]
    [InlineData("ResourceMgr.JanusWorker", LogLevel.Debug)]
    [InlineData("ResourceMgr.MixerWorker", LogLevel.Warning)]
    public void The_example_with_all_forms(string module, LogLevel least)
    {
        using var rig = new LogRig(
            ("LOG_LEVEL", "warn"), ("LOG_LEVEL__ROOM_SVC", "debug"), ("LOG_LEVEL__RESOURCE_MGR", "info"),
            ("LOG_LEVEL__RESOURCE_MGR__JANUS_WORKER", "debug"), ("LOG_LEVEL__RESOURCE_MGR__MIXER_WORKER", "warn"));
        MustBegin(rig.Logger(module), least);
    }

    [Theory]
    [InlineData("Main", LogLevel.Debug, false)]
    [InlineData("Main", LogLevel.Warning, true)]
    [InlineData("ResourceMgr", LogLevel.Debug, true)]
    [InlineData("ResourceMgr.MixerWorker", LogLevel.Debug, false)]
    [InlineData("ResourceMgr.MixerWorker", LogLevel.Error, true)]
    [InlineData("ResourceMgr.JanusWorker", LogLevel.Debug, true)]
    public void The_example_scenario(string module, LogLevel level, bool shown)
    {
        using var rig = new LogRig(Scenario);
        var log = rig.Logger(module);

        Assert.Equal(shown, log.IsEnabled(level));
        log.Log(level, "This will {Show}", shown ? "show" : "not show");
        Assert.Equal(shown ? ["This will show"] : [], rig.Lines().Select(line => line.GetProperty("message").GetString()!));
    }

    [Theory]
    [InlineData("LOG_LEVEL_ROOM_SVC", "LOG_LEVEL__ROOM_SVC")]
    [InlineData("LOG_LEVEL_RESOURCE_MGR", "LOG_LEVEL__RESOURCE_MGR")]
    public void A_single_underscore_is_refused_and_the_right_name_given(string variable, string right) =>
        Assert.Contains($"{variable}: the level of a module is {right}", Fault(variable, "debug"), StringComparison.Ordinal);

    [Theory]
    [InlineData("LOG_LEVEL__ROOM_SVC", "loud", "LOG_LEVEL__ROOM_SVC: 'loud' is not one of debug, info, warn, error, fatal")]
    [InlineData("LOG_LEVEL__ROOM_SVC", "1", "LOG_LEVEL__ROOM_SVC: '1' is not one of debug, info, warn, error, fatal")]
    [InlineData("LOG_LEVEL__A__B__C", "info", "LOG_LEVEL__A__B__C: no module has this name")]
    [InlineData("LOG_LEVEL__RoomSvc", "info", "LOG_LEVEL__RoomSvc: no module has this name")]
    public void What_cannot_be_used_is_named(string variable, string value, string fault) => Assert.StartsWith(fault, Fault(variable, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("System.Net.Http.HttpClient", LogLevel.Warning)]
    [InlineData("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.Critical)]
    public void The_framework_is_quiet_unless_it_is_asked_for(string category, LogLevel least)
    {
        using var quiet = new LogRig(("LOG_LEVEL", "debug"));
        MustBegin(quiet.Logger(category), least);
        using var asked = new LogRig(("LOG_LEVEL__MICROSOFT", "debug"), ("LOG_LEVEL__SYSTEM", "debug"));
        MustBegin(asked.Logger(category), LogLevel.Debug);
    }

    private static void MustBegin(ILogger log, LogLevel least) => Assert.All(
        Enum.GetValues<LogLevel>().Where(level => level is not LogLevel.None), level => Assert.True(log.IsEnabled(level) == level >= least, $"{level}"));

    private static string Fault(string variable, string value) => Assert.Throws<SettingsException>(() => LevelVariables.Read(LogRig.ConfigurationOf((variable, value)))).Message;
}
