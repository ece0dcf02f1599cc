using EventRtc.Local.Configuration;
using Xunit;

namespace EventRtc.Services.Tests.Configuration;

/// <summary>What the programs say of their settings, and what was written of it.</summary>
public sealed class ConfigurationPageTests(ConfigurationPageTests.Programs programs) : IClassFixture<ConfigurationPageTests.Programs>
{
    [Fact]
    public void The_page_and_the_list_of_known_settings_are_current()
    {
        var outdated = ConfigurationFiles.Outdated(ConfigurationFiles.Of(programs.All));
        Assert.True(outdated.Count == 0, $"Run {ConfigurationFiles.Command}: not current are {string.Join(", ", outdated)}");
    }

    [Fact]
    public void Every_setting_says_what_it_is_for_with_its_default_and_range()
    {
        var faults = SettingsReview.FaultsOf(programs.All);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_program_of_ours_is_asked() =>
        Assert.Equal(["gateway", "hls", "janus", "mixer", "projector", "rooms", "users", "eventrtc"], programs.All.Select(program => program.Service));

    public sealed class Programs : IAsyncLifetime
    {
        public IReadOnlyList<ProgramSettings> All { get; private set; } = [];

        public async ValueTask InitializeAsync() => All = await ProgramSettings.OfAll();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
