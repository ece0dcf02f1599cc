using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

public sealed class LogConfigTests
{
    [Fact]
    public void It_takes_levels_a_format_and_a_file()
    {
        var config = LogConfig.Parse("log.json", """
            {
              // for tonight
              "level": "warn",
              "modules": { "RoomSvc": "debug", "RESOURCE_MGR__JANUS_WORKER": "info", },
              "format": "json",
              "file": { "path": "logs/rooms.log", "keep": 2 },
            }
            """);

        Assert.Equal(
            new Dictionary<string, Severity> { [LogLevels.All] = Severity.Warn, ["ROOM_SVC"] = Severity.Debug, ["RESOURCE_MGR__JANUS_WORKER"] = Severity.Info }, config.Levels);
        Assert.Equal((LogFormat.Json, new LogFile("logs/rooms.log", MaxMegabytes: 10, Keep: 2)), (config.Format, config.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "level": 3 }""")]
    [InlineData("""{ "levels": "debug" }""", "levels")]
    [InlineData("""{ "level": "loud" }""", "'loud' is not one of debug, info, warn, error, fatal")]
    [InlineData("""{ "modules": { "RoomSvc": "loud" } }""", "modules.RoomSvc")]
    [InlineData("""{ "modules": { "RoomSvc": null } }""", "modules.RoomSvc")]
    [InlineData("""{ "modules": { "": "debug" } }""", "'' is no module's name")]
    [InlineData("""{ "modules": { "A.B.C": "debug" } }""", "'A.B.C' is no module's name")]
    [InlineData("""{ "modules": { "RoomSvc ": "debug" } }""", "'RoomSvc ' is no module's name")]
    [InlineData("""{ "format": "xml" }""", "'xml' is not one of console, json")]
    [InlineData("""{ "file": { "path": "" } }""", "a path")]
    [InlineData("""{ "file": { "path": "x", "maxMegabytes": 0 } }""", "from 1 to 1000")]
    public void A_fault_is_named_in_one_line(string text, string named = "line 1")
    {
        var fault = Assert.Throws<SettingsException>(() => LogConfig.Parse("log.json", text)).Message;
        Assert.StartsWith("APP_LOG_CONFIG_FILE: ", fault, StringComparison.Ordinal);
        Assert.Contains("log.json", fault, StringComparison.Ordinal);
        Assert.Contains(named, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith("APP_LOG_CONFIG_FILE: ", Assert.Throws<SettingsException>(() => LogConfig.Load("nowhere.json")).Message, StringComparison.Ordinal);
}
