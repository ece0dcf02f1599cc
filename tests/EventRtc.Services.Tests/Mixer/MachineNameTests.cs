using EventRtc.Domain;
using EventRtc.Mixer;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

public sealed class MachineNameTests
{
    [Theory]
    [InlineData("3f2a9c0b1d4e", "mixer-3f2a9c0b1d4e")]
    [InlineData("media-7.example.org", "mixer-media-7-example-org")]
    public void A_mixer_that_nobody_has_named_is_called_by_its_machine(string machine, string name) => Assert.Equal(new ModuleId(name), MachineName.ToMixer(machine));

    [Fact]
    public void However_long_the_machine_s_name_is() => Assert.Equal(ModuleId.MaxLength, MachineName.ToMixer(new string('a', 200)).Value.Length);
}
