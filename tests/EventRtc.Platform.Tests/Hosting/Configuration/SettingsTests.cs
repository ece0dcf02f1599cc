using System.ComponentModel.DataAnnotations;
using System.Net;
using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void A_variable_is_the_prefix_and_the_property_in_screaming_snake_case()
    {
        var options = Bind(
            ("PROBE_DIAL_TIMEOUT", "1.5s"), ("PROBE_END_POINTS", "a:1, b:2"), ("PROBE_LIMIT", "7"), ("PROBE_SPACE", "3000000000"), ("PROBE_URL", "http://host:1/x"),
            ("PROBE_IP", "::1"), ("PROBE_PROXIES", "::1,10.0.0.7"), ("PROBE_TLS", "true"), ("PROBE_MODE", "OPEN"), ("PROBE_ADDR", ":80"), ("PROBE_NAME", "any text, really"));

        Assert.Equal(TimeSpan.FromMilliseconds(1500), options.DialTimeout);
        Assert.Equal(["a:1", "b:2"], options.EndPoints);
        Assert.Equal((7, 3_000_000_000, true, Mode.Open), (options.Limit, options.Space, options.Tls, options.Mode));
        Assert.Equal(new Uri("http://host:1/x"), options.Url);
        Assert.Equal(IPAddress.IPv6Loopback, options.Ip);
        Assert.Equal([IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.7")], options.Proxies);
        Assert.Equal((":80", "any text, really"), (options.Address, options.Name));
    }

    [Fact]
    public void What_is_not_set_or_empty_keeps_its_default() => Assert.Equal((3, 3), (Bind().Limit, Bind(("PROBE_LIMIT", "")).Limit));

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    public void Durations_carry_their_unit(string text, int milliseconds)
    {
        Assert.True(Settings.TryDuration(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
        Assert.Equal(text, SettingText.Written(duration));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("")]
    public void A_duration_without_a_known_unit_is_refused(string text) => Assert.False(Settings.TryDuration(text, out _));

    [Theory]
    [InlineData("PROBE_DIAL_TIMEOUT", "soon", "'soon' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("PROBE_LIMIT", "7.5", "'7.5' is not a whole number")]
    [InlineData("PROBE_LIMIT", "99", "'99' cannot be used: must be 1 to 9")]
    [InlineData("PROBE_WAIT", "2m", "'2m' cannot be used: must be 10ms to 1m")]
    [InlineData("PROBE_SPACE", "much", "'much' is not a whole number")]
    [InlineData("PROBE_URL", "nowhere", "'nowhere' is not an absolute URL")]
    [InlineData("PROBE_URL", "localhost:3000", "'localhost:3000' cannot be used: the value must begin with http:// or https://")]
    [InlineData("PROBE_IP", "x", "'x' is not an IP address")]
    [InlineData("PROBE_PROXIES", "::1,x", "'::1,x' is not a list, each item an IP address")]
    [InlineData("PROBE_TLS", "maybe", "'maybe' is not true or false")]
    [InlineData("PROBE_MODE", "closed", "'closed' is not one of token, open")]
    [InlineData("PROBE_MODE", "1", "'1' is not one of token, open")]
    [InlineData("PROBE_ADDR", "80", "'80' cannot be used: the value must be an address such as 0.0.0.0:3000, localhost:3000 or :3000")]
    public void A_value_that_cannot_be_used_is_named_with_what_it_takes(string variable, string value, string complaint) =>
        Assert.Equal($"{variable}: {complaint}", Refused((variable, value)));

    [Fact]
    public void All_faults_are_named_in_one_line()
    {
        var message = Refused(("PROBE_LIMIT", "99"), ("PROBE_DIAL_TIMEOUT", "so\non"), ("PROBE_URL", "nowhere"));

        Assert.Equal(3, message.Split("; ").Length);
        Assert.All(["PROBE_LIMIT: ", "PROBE_DIAL_TIMEOUT: ", "PROBE_URL: "], variable => Assert.Contains(variable, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("PROBE_SECRET", "hunter2")]
    [InlineData("PROBE_URL", "//hunter2@host")]
    public void No_message_repeats_a_secret(string variable, string value)
    {
        var message = Refused((variable, value));

        Assert.StartsWith($"{variable}: the value ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_value_is_cut_short() => Assert.InRange(Refused(("PROBE_LIMIT", new string('9', 5_000))).Length, 80, 200);

    [Fact]
    public void What_is_required_and_missing_says_so() =>
        Assert.Equal("NEEDY_KEY: is not set, and must have at least 8 characters", Assert.Throws<SettingsException>(() => Settings.Bind<Needy>(SettingSources.None, "NEEDY")).Message);

    [Fact]
    public void What_settings_must_be_to_each_other_is_asked_when_each_can_be_used()
    {
        static string? Fault(params (string Name, string Value)[] variables) => (Record.Exception(() => Settings.Bind<Pair>(SourcesOf(variables), "PAIR")) as SettingsException)?.Message;

        Assert.Null(Fault(("PAIR_MOST", "2")));
        Assert.Equal("PAIR_LEAST: must be less than PAIR_MOST", Fault(("PAIR_MOST", "1")));
        Assert.Equal("PAIR_MOST: 'one' is not a whole number", Fault(("PAIR_LEAST", "9"), ("PAIR_MOST", "one")));
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
    public void Another_listen_address_is_refused(string text) => Assert.Throws<FormatException>(() => ListenAddress.Parse(text));

    private static string Refused(params (string Name, string Value)[] variables) => Assert.Throws<SettingsException>(() => Bind(variables)).Message;

    private static Probe Bind(params (string Name, string Value)[] variables) =>
        Settings.Bind<Probe>(SourcesOf(variables), "PROBE");

    private static SettingSources SourcesOf((string Name, string Value)[] variables) => new(variables.ToDictionary(v => v.Name, v => v.Value), []);

    private enum Mode
    {
        Token,
        Open,
    }

    private sealed record Needy
    {
        [MinLength(8)]
        public string Key { get; init; } = "";
    }

    private sealed record Pair : IValidatableObject
    {
        public int Least { get; init; } = 1;

        public int Most { get; init; } = 3;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Least >= Most)
                yield return new ValidationResult("must be less than PAIR_MOST", [nameof(Least), nameof(Most)]);
        }
    }

    private sealed record Probe
    {
        public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(5);

        [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(5);

        public IReadOnlyList<string> EndPoints { get; init; } = [];

        [Range(1, 9)]
        public int Limit { get; init; } = 3;

        public long Space { get; init; }

        [UrlOf("http", "https")]
        public Uri? Url { get; init; }

        public IPAddress? Ip { get; init; }

        public IPAddress[] Proxies { get; init; } = [];

        public bool Tls { get; init; }

        public Mode Mode { get; init; }

        [ListenAt]
        public string Address { get; init; } = ":1";

        public string? Name { get; init; }

        [MinLength(32), DataType(DataType.Password)]
        public string? Secret { get; init; }
    }
}
