using EventRtc.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

/// <summary>Levels in the file of APP_LOG_CONFIG_FILE, while the service runs.</summary>
public sealed class ReloadTests
{
    [Fact]
    public void A_changed_file_changes_levels_and_that_is_said()
    {
        using var rig = new LogRig();
        var (reload, log) = (Reload(rig), rig.Logger("ResourceMgr.JanusWorker"));
        Assert.False(log.IsEnabled(LogLevel.Debug));

        rig.Configure(""" "level": "warn", "modules": { "ResourceMgr.JanusWorker": "debug" }, """);
        reload.Reload(always: false);

        Assert.True(log.IsEnabled(LogLevel.Debug));
        Assert.False(rig.Logger("Main").IsEnabled(LogLevel.Information));
        Assert.Equal("Log levels are read anew: all warn, RESOURCE_MGR__JANUS_WORKER debug", Assert.Single(Messages(rig)));
    }

    [Fact]
    public void A_file_that_cannot_be_used_changes_nothing_and_is_named_once()
    {
        using var rig = new LogRig();
        var reload = Reload(rig);
        rig.Configure(""" "modules": { "RoomSvc": "debug" }, """);
        reload.Reload(always: false);

        rig.Configure(""" "modules": { "RoomSvc": "loud" }, """);
        reload.Reload(always: false);
        reload.Reload(always: false);
        File.Delete(rig.ConfigFile);
        reload.Reload(always: false);

        Assert.True(rig.Logger("RoomSvc").IsEnabled(LogLevel.Debug));
        Assert.Collection(Messages(rig),
            change => Assert.EndsWith("ROOM_SVC debug", change, StringComparison.Ordinal),
            fault => Assert.Contains("modules.RoomSvc", fault, StringComparison.Ordinal),
            missing => Assert.Contains("Could not find file", missing, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_the_same_is_read_again_only_when_asked()
    {
        using var rig = new LogRig();
        var reload = Reload(rig);
        reload.Reload(always: false);
        reload.Reload(always: true);
        Assert.Single(Messages(rig));
    }

    [Fact]
    public void A_variable_goes_before_the_file_where_both_name_the_same_and_else_the_more_specific_one_counts()
    {
        using var rig = new LogRig(("LOG_LEVEL", "error"), ("LOG_LEVEL__RESOURCE_MGR", "warn"));
        rig.Configure(""" "level": "debug", "modules": { "ResourceMgr": "debug", "ResourceMgr.MixerWorker": "info" }, """);
        Reload(rig).Reload(always: true);

        Assert.False(rig.Logger("Main").IsEnabled(LogLevel.Warning));
        Assert.False(rig.Logger("ResourceMgr.JanusWorker").IsEnabled(LogLevel.Information));
        Assert.True(rig.Logger("ResourceMgr.MixerWorker").IsEnabled(LogLevel.Information));
    }

    private static LevelReload Reload(LogRig rig) => new(rig.Source, rig.Current, new LogOptions(), rig.LoggerOf<LevelReload>());

    private static IReadOnlyList<string> Messages(LogRig rig) => [.. rig.Lines().Select(line => line.GetProperty("message").GetString()!)];
}
