using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using EventRtc.Hosting.Telemetry;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting;

public sealed class TelemetryOptionsTests
{
    [Fact]
    public void Nothing_is_sent_unless_it_is_asked_for()
    {
        var options = Bind();

        Assert.False(options.TracingEnabled || options.MetricsEnabled);
        Assert.Equal(("localhost:4317", false, 1d), (options.Endpoint, options.Insecure, options.SamplingRatio));
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("http://otel-collector:4317")]
    [InlineData("[::1]:4317")]
    public void A_collector_is_host_and_port_or_a_URL(string endpoint) => Assert.Equal(endpoint, Bind(("OTEL_ENDPOINT", endpoint)).Endpoint);

    [Theory]
    [InlineData("OTEL_ENDPOINT", "nowhere")]
    [InlineData("OTEL_ENDPOINT", "localhost:99999")]
    [InlineData("OTEL_ENDPOINT", "a:b:4317")]
    [InlineData("OTEL_SAMPLING_RATIO", "1.5")]
    [InlineData("OTEL_SAMPLING_RATIO", "0,1")]
    [InlineData("OTEL_SAMPLING_RATIO", "NaN")]
    [InlineData("OTEL_METRICS_INTERVAL", "10ms")]
    [InlineData("OTEL_TRACING_ENABLED", "perhaps")]
    public void An_unusable_value_is_named(string variable, string value) =>
        Assert.Contains(variable, Assert.Throws<SettingsException>(() => Bind((variable, value))).Message, StringComparison.Ordinal);

    private static TelemetryOptions Bind(params (string Name, string Value)[] variables) => Settings.Bind<TelemetryOptions>(
        new SettingSources(variables.ToDictionary(v => v.Name, v => v.Value), []), "OTEL");
}
