using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Configuration;

public sealed class SettingsBookTests
{
    private static readonly SettingFamily Levels = new("LOG_LEVEL__", "MODULE", "The level of one module.", "debug, info", "LOG_LEVEL");

    [Theory]
    [InlineData("ETCD_DIAL_TIMEOUTS", "ETCD_DIAL_TIMEOUTS: no such setting; did you mean ETCD_DIAL_TIMEOUT?")]
    [InlineData("ETCD__DIAL_TIMEOUT", "ETCD__DIAL_TIMEOUT: no such setting; did you mean ETCD_DIAL_TIMEOUT?")]
    [InlineData("REDIS_PORT", "REDIS_PORT: no such setting")]
    [InlineData("ETCD_SOMETHING_ELSE_ALTOGETHER", "ETCD_SOMETHING_ELSE_ALTOGETHER: no such setting")]
    [InlineData("HTTP_ADRR", "HTTP_ADRR: no such setting; did you mean HTTP_ADDR?")]
    public void A_variable_that_begins_like_a_setting_and_is_none_stops_the_start(string variable, string complaint) =>
        Assert.StartsWith(complaint, Refused((variable, "1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("REDIS_PORT", "tcp://10.0.0.7:6379")]
    [InlineData("REDIS_SERVICE_HOST", "10.0.0.7")]
    [InlineData("REDIS_SERVICE_PORT_CLIENT", "6379")]
    [InlineData("REDIS_PORT_6379_TCP_ADDR", "10.0.0.7")]
    [InlineData("POSTGRES_PORT_5432_TCP", "tcp://10.0.0.8:5432")]
    [InlineData("POSTGRES_PASSWORD", "secret")]
    [InlineData("POSTGRES_DB", "eventrtc")]
    [InlineData("ETCD_ADVERTISE_CLIENT_URLS", "http://etcd:2379")]
    [InlineData("ETCD_NAME", "etcd-1")]
    [InlineData("APP_UID", "1654")]
    [InlineData("HTTP_PROXY", "http://proxy:3128")]
    [InlineData("OTHER_THING", "1")]
    [InlineData("MIXER_WHAT_EVER", "1")]
    public void What_others_set_is_left_alone(string variable, string value) => Book((variable, value)).Check(() => { });

    [Theory]
    [InlineData("HLS_KEY_SECRET")]
    [InlineData("MIXER_RTP_PORTS")]
    [InlineData("ROOMS_URL")]
    public void The_settings_of_all_our_services_are_known_to_each(string variable)
    {
        Assert.True(KnownSettings.OfAllServices.Contains(variable));
        Book((variable, "1")).Check(() => { });
    }

    [Fact]
    public void In_a_file_every_key_must_be_known()
    {
        var book = new SettingsBook(new(new Dictionary<string, string>(), YamlSettings.Read("config.yaml", "etcd:\n  dialtimeout: 1s\nmixer:\n  rtp_ports: 1-2\nlogging: debug\n")));
        book.Add<Etcd>("ETCD");

        Assert.Equal(
            "ETCD_DIALTIMEOUT: no such setting; did you mean ETCD_DIAL_TIMEOUT? (etcd.dialtimeout, config.yaml, line 2); LOGGING: no such setting (logging, config.yaml, line 5)",
            Assert.Throws<SettingsException>(() => book.Check(() => { })).Message);
    }

    [Fact]
    public void The_faults_of_all_records_are_named_at_once_and_hide_what_follows_from_them()
    {
        var book = Book(("ETCD_DIAL_TIMEOUT", "soon"), ("REDIS_ADRESS", "x"));

        var message = Assert.Throws<SettingsException>(() => book.Check(() =>
        {
            Assert.Equal(1, book.Add<Other>("OTHER").Count);
            throw new InvalidOperationException("as something was not set");
        })).Message;

        Assert.StartsWith("ETCD_DIAL_TIMEOUT: 'soon' is not a duration", message, StringComparison.Ordinal);
        Assert.Contains("; OTHER_KEY: is not set, and is required; REDIS_ADRESS: no such setting", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_made_of_settings_and_what_they_must_be_to_others_is_named_with_the_rest()
    {
        var book = Book(("ETCD_DIAL_TIMEOUT", "soon"));
        book.Demand("OTHER_COUNT", () => null);
        book.Demand("OTHER_KEY", () => "must be known");
        book.Demand("ETCD_DIAL_TIMEOUT", () => "hides behind its value");

        Assert.Equal(3, book.Try(() => throw new SettingsException("PROBE_FILE: is not there"), otherwise: 3));
        Assert.Equal(
            "ETCD_DIAL_TIMEOUT: 'soon' is not a duration such as 250ms, 10s, 5m or 1h; PROBE_FILE: is not there; OTHER_KEY: must be known",
            Assert.Throws<SettingsException>(() => book.Check(() => { })).Message);
    }

    [Fact]
    public void A_failure_that_follows_from_no_setting_is_itself() => Assert.Throws<InvalidOperationException>(() => Book().Check(() => throw new InvalidOperationException()));

    [Fact]
    public void A_record_may_have_the_defaults_of_its_service()
    {
        var book = Book(("OTHER_KEY", "given"));

        Assert.Equal((7, "given"), (book.Add("OTHER", new Other { Count = 7 }).Count, book.Get<Other>().Key));
    }

    [Fact]
    public void A_family_takes_every_name_that_begins_with_its_stem()
    {
        var book = new SettingsBook(new(new Dictionary<string, string> { ["LOG_LEVEL__ROOM_SVC"] = "debug", ["LOG_LEVEL__EMPTY"] = "" }, YamlSettings.Read("config.yaml", "log:\n  level__janus: info\n")));

        var given = book.Add(Levels);

        Assert.Equal([("JANUS", "info", "config.yaml, line 2"), ("ROOM_SVC", "debug", null)], given.OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Text, one.Value.Place)));
        book.Check(() => { });
        Assert.Equal("LOG_LEVEL__{MODULE}", Assert.Single(book.Describe()).Name);
    }

    [Fact]
    public void Whoever_reads_a_configuration_finds_the_same()
    {
        var configuration = new ConfigurationManager();
        new SettingSources(new Dictionary<string, string>(), [.. YamlSettings.Read("config.yaml", "probe: { a: upper }"), .. JsonSettings.Read("appsettings.json", """{"probe": {"a": "lower", "b__c": "x"}}""")])
            .CopyTo(configuration);

        Assert.Equal(("upper", "x"), (configuration["PROBE_A"], configuration["PROBE_B:C"]));
    }

    private static string Refused(params (string Name, string Value)[] variables) => Assert.Throws<SettingsException>(() => Book(variables).Check(() => { })).Message;

    private static SettingsBook Book(params (string Name, string Value)[] variables)
    {
        var book = new SettingsBook(new SettingSources(variables.ToDictionary(v => v.Name, v => v.Value), []));
        book.Add<Etcd>("ETCD");
        book.Add<Nothing>("REDIS");
        book.Add<Nothing>("POSTGRES");
        book.Add<AppOptions>("APP");
        book.Add("HTTP", new HttpOptions { Address = ":1" });
        return book;
    }

    private sealed record Nothing;

    private sealed record Etcd
    {
        public TimeSpan DialTimeout { get; init; }
    }

    private sealed record Other
    {
        [Required]
        public string? Key { get; init; }

        public int Count { get; init; } = 1;
    }
}
