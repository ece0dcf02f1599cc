using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using EventRtc.Hosting.Configuration;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Configuration;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_environment_wins_over_config_yaml_over_appsettings_json_over_defaults()
    {
        Write("appsettings.json", """{"probe": {"a": "json", "b": "json", "c": "json"}}""");
        Write("config.yaml", "probe: { a: yaml, b: yaml }");

        var options = Bind(("PROBE_A", "environment"));

        Assert.Equal(("environment", "yaml", "json", "default"), (options.A, options.B, options.C, options.D));
    }

    [Fact]
    public void What_a_higher_place_leaves_empty_the_one_beneath_gives()
    {
        Write("appsettings.json", """{"probe": {"a": "json", "b": "json"}}""");
        Write("config.yaml", "probe:\n  a:\n  b: ''\n");

        Assert.Equal(("json", "json"), (Bind(("PROBE_A", "")).A, Bind().B));
    }

    [Theory]
    [InlineData("config.yaml", "probe:\n  dial_timeout: 7s\n  end_points: [a:1, b:2]\n  limit: 7\n  tls: true\n")]
    [InlineData("config.yaml", "# comment\nProbe:\n  dialTimeout: '7s'\n  endPoints:\n    - a:1\n    - b:2\n  Limit: 7\n  TLS: True\n")]
    [InlineData("config.yaml", "PROBE_DIAL_TIMEOUT: 7s\nPROBE_END_POINTS: a:1,b:2\nprobe_limit: 7\nprobe.tls: true\n")]
    [InlineData("appsettings.json", """{"probe": {"dial_timeout": "7s", "endPoints": ["a:1", "b:2"], "Limit": 7, "tls": true}}""")]
    [InlineData("appsettings.json", """{ /* comment */ "PROBE_DIAL_TIMEOUT": "7s", "Probe": {"end": {"points": ["a:1", "b:2"]}, "limit": 7, "tls": true,}, }""")]
    public void Keys_may_be_spelt_and_nested_as_one_likes(string file, string text)
    {
        Write(file, text);

        var options = Bind();

        Assert.Equal((TimeSpan.FromSeconds(7), 7, true), (options.DialTimeout, options.Limit, options.Tls));
        Assert.Equal(["a:1", "b:2"], options.EndPoints);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    public void A_file_without_settings_is_fine(string text)
    {
        Write("config.yaml", text);
        Assert.Equal("default", Bind().D);
    }

    [Fact]
    public void A_bad_value_is_named_with_file_and_line()
    {
        Write("config.yaml", "probe:\n  a: x\n  limit: 99\n");
        Write("appsettings.json", "{\n \"probe\": {\n  \"dialTimeout\": \"soon\"\n }\n}");

        Assert.Equal(
            "PROBE_DIAL_TIMEOUT: 'soon' is not a duration such as 250ms, 10s, 5m or 1h (appsettings.json, line 3); PROBE_LIMIT: '99' cannot be used: must be 1 to 9 (config.yaml, line 3)",
            Refused());
    }

    [Theory]
    [InlineData("config.yaml", "probe:\n  a: x\n bad: [\n", "config.yaml, line 3: this is not YAML")]
    [InlineData("config.yaml", "probe:\n  end_points: [a:1, b:2\na: x\n", "config.yaml, line 3: this is not YAML")]
    [InlineData("config.yaml", "- a\n", "config.yaml, line 1: settings are keys with values")]
    [InlineData("config.yaml", "probe:\n  a: [{b: c}]\n", "config.yaml, line 2: here stands a text or a number")]
    [InlineData("config.yaml", "probe:\n  end_points: ['a,b']\n", "config.yaml, line 2: an item of a list holds no comma")]
    [InlineData("config.yaml", "a: 1\n---\nb: 2\n", "config.yaml, line 3: a second document begins; one is read")]
    [InlineData("config.yaml", "a: &a {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n", "config.yaml, line 1: nested too deep")]
    [InlineData("config.yaml", "probe:\n  dial_timeout: 1s\n  dialTimeout: 2s\n", "PROBE_DIAL_TIMEOUT: is given twice, by probe.dial_timeout (config.yaml, line 2) and probe.dialTimeout (config.yaml, line 3)")]
    [InlineData("appsettings.json", "{\n \"a\": 1,\n nonsense\n}", "appsettings.json, line 3: this is not JSON")]
    [InlineData("appsettings.json", "", "appsettings.json, line 1: this is not JSON")]
    [InlineData("appsettings.json", "{\"a\":\n\"\\ud800\"}", "appsettings.json, line 2: this is not text")]
    [InlineData("appsettings.json", "[1]", "appsettings.json, line 1: settings are keys with values")]
    [InlineData("appsettings.json", "{\"a\": [[1]]}", "appsettings.json, line 1: here stands a text or a number")]
    [InlineData("appsettings.json", "{\"a\": 1,\n\"A\": 2}", "A: is given twice, by a (appsettings.json, line 1) and A (appsettings.json, line 2)")]
    [InlineData("config.yaml", "app:\n  config_file: other.yaml\n", "APP_CONFIG_FILE: stands in the environment only, not in a file (config.yaml, line 2)")]
    public void A_file_that_cannot_be_used_is_named_with_the_line(string file, string text, string complaint)
    {
        Write(file, text);
        Assert.Equal(complaint, Refused());
    }

    [Theory]
    [InlineData("config.yaml", "probe:\n  a: &x 'b'\n  end_points: [a:1, \"b:2\"]\n  c: |\n    text\n# comment\nother: {limit: *x}\n")]
    [InlineData("appsettings.json", "{\"probe\": {\"a\": \"\\u0041\", \"end\": [1, true, null], // comment\n \"c\": -1.5e3}}")]
    public void Whatever_stands_in_a_file_it_is_read_or_refused_by_its_line(string file, string text)
    {
        var random = new Random(20261120);
        const string letters = "{}[]:,&*!|>'\"%@`#-?\\\n\t ~a0\u00e9";
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = text.ToCharArray();
            for (var i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = letters[random.Next(letters.Length)];
            var content = new string(damaged, 0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length));
            if (Record.Exception(() => file.EndsWith("json", StringComparison.Ordinal) ? JsonSettings.Read(file, content) : YamlSettings.Read(file, content)) is { } fault)
                Assert.True(fault is SettingsException && fault.Message.StartsWith($"{file}, line ", StringComparison.Ordinal), $"{content}\n{fault}");
        }
    }

    [Fact]
    public void Another_file_stands_in_the_place_of_config_yaml_when_it_is_named()
    {
        Write("config.yaml", "probe: { a: default-file, b: default-file }");
        Write("appsettings.json", """{"probe": {"b": "json"}}""");
        var (yaml, json) = (Write("other.yml", "probe: { a: named }"), Write("other.json", """{"probe": {"a": "named"}}"""));

        Assert.Equal(("named", "json"), (Bind(("APP_CONFIG_FILE", yaml)).A, Bind(("APP_CONFIG_FILE", yaml)).B));
        Assert.Equal("named", Bind(("APP_CONFIG_FILE", json)).A);
    }

    [Fact]
    public void A_named_file_must_be_there_and_of_a_known_kind()
    {
        Assert.Equal("APP_CONFIG_FILE: there is no file '/nowhere/config.yaml'", Refused(("APP_CONFIG_FILE", "/nowhere/config.yaml")));
        Assert.Contains("ends in .yaml, .yml or .json, not in '.toml'", Refused(("APP_CONFIG_FILE", Write("config.toml", ""))), StringComparison.Ordinal);
    }

    private string Write(string file, string text)
    {
        var path = Path.Combine(folder.Path, file);
        File.WriteAllText(path, text);
        return path;
    }

    private string Refused(params (string Name, string Value)[] variables) => Assert.Throws<SettingsException>(() => Bind(variables)).Message;

    private Probe Bind(params (string Name, string Value)[] variables) =>
        Settings.Bind<Probe>(SettingSources.Read(folder.Path, variables.ToDictionary(v => v.Name, v => v.Value)), "PROBE");

    private sealed record Probe
    {
        public string A { get; init; } = "default";

        public string B { get; init; } = "default";

        public string C { get; init; } = "default";

        public string D { get; init; } = "default";

        public TimeSpan DialTimeout { get; init; }

        public IReadOnlyList<string> EndPoints { get; init; } = [];

        [Range(1, 9)]
        public int Limit { get; init; } = 1;

        public bool Tls { get; init; }
    }
}
