using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void A_variable_is_the_prefix_and_the_property_in_screaming_snake_case()
    {
        var options = Bind(("PROBE_DIAL_TIMEOUT", "1.5s"), ("PROBE_END_POINTS", "a:1, b:2"), ("PROBE_LIMIT", "7"), ("PROBE_URL", "http://host:1/x"));

        Assert.Equal(TimeSpan.FromMilliseconds(1500), options.DialTimeout);
        Assert.Equal(["a:1", "b:2"], options.EndPoints);
        Assert.Equal(7, options.Limit);
        Assert.Equal(new Uri("http://host:1/x"), options.Url);
    }

    [Fact]
    public void A_type_that_reads_itself_is_a_setting_too()
    {
        Assert.Equal(System.Net.IPAddress.IPv6Loopback, Bind(("PROBE_IP", "::1")).Ip);
        Assert.Contains("'x' is not a usable", Assert.Throws<SettingsException>(() => Bind(("PROBE_IP", "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_set_keeps_its_default() => Assert.Equal(3, Bind().Limit);

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    public void Durations_carry_their_unit(string text, int milliseconds)
    {
        Assert.True(Settings.TryDuration(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("")]
    public void A_duration_without_a_known_unit_is_refused(string text) => Assert.False(Settings.TryDuration(text, out _));

    [Fact]
    public void All_faults_are_named_in_one_line()
    {
        var failure = Assert.Throws<SettingsException>(() => Bind(("PROBE_LIMIT", "99"), ("PROBE_DIAL_TIMEOUT", "soon"), ("PROBE_URL", "nowhere")));

        Assert.Contains("PROBE_LIMIT: The field the value must be between 1 and 9.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("PROBE_DIAL_TIMEOUT: 'soon' is not a duration such as 250ms, 10s, 5m or 1h", failure.Message, StringComparison.Ordinal);
        Assert.Contains("PROBE_URL: 'nowhere' is not an absolute URL", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("0.0.0.0:3000", "0.0.0.0:3000")]
    [InlineData(":3000", "0.0.0.0:3000")]
    [InlineData("localhost:81", "127.0.0.1:81")]
    [InlineData("[::1]:3000", "[::1]:3000")]
    public void A_listen_address_is_host_and_port(string text, string endpoint) => Assert.Equal(endpoint, ListenAddress.Parse(text).ToString());

    [Theory]
    [InlineData("3000")]
    [InlineData("example.org:3000")]
    [InlineData("127.0.0.1:port")]
    public void Another_listen_address_is_refused(string text) => Assert.Throws<SettingsException>(() => ListenAddress.Parse(text));

    private static Probe Bind(params (string Name, string Value)[] variables) => Settings.Bind<Probe>(
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value))).Build(), "PROBE");

    private sealed record Probe
    {
        public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(5);

        public IReadOnlyList<string> EndPoints { get; init; } = [];

        [Range(1, 9)]
        public int Limit { get; init; } = 3;

        public Uri? Url { get; init; }

        public System.Net.IPAddress? Ip { get; init; }
    }
}
