using System.Diagnostics;
using EventRtc.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Xunit;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace EventRtc.Platform.Tests.Hosting.Logging;

/// <summary>What a line looks like.</summary>
public sealed class LineTests
{
    [Fact]
    public void A_JSON_line_has_time_level_service_module_message_ids_and_exception()
    {
        using var rig = new LogRig();
        var command = Guid.NewGuid();
        using (var trace = new Activity("errand").Start())
        using (rig.Logger("any").With(("Room", "demo"), ("Command", command), ("Correlation", "errand-1"), ("Nothing", null)))
            rig.Logger("EventRtc.Streets.Lamps.Lamp").LogWarning(new InvalidDataException("dark"), "{Count} lamps of \"{Street}\" are out", 3, "High Street");

        var line = Assert.Single(rig.Lines());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("time").GetString());
        Assert.Equal("warn", line.GetProperty("level").GetString());
        Assert.Equal("probe", line.GetProperty("service").GetString());
        Assert.Equal("StreetSvc.Lamp", line.GetProperty("module").GetString());
        Assert.Equal("3 lamps of \"High Street\" are out", line.GetProperty("message").GetString());
        Assert.Equal((3, "High Street"), (line.GetProperty("count").GetInt32(), line.GetProperty("street").GetString()));
        Assert.Equal(("demo", $"{command}", "errand-1"), (line.GetProperty("room").GetString(), line.GetProperty("command").GetString(), line.GetProperty("correlation").GetString()));
        Assert.Matches("^[0-9a-f]{32}$", line.GetProperty("trace").GetString());
        Assert.Contains("InvalidDataException: dark", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.False(line.TryGetProperty("nothing", out _));
    }

    [Fact]
    public void A_value_never_takes_the_place_of_what_every_line_has()
    {
        using var rig = new LogRig();
        rig.Logger("Main").LogInformation("{Level} {Message} {Module} {Service}", "high", "hello", "janus-1", "rooms");
        var line = Assert.Single(rig.Lines());
        Assert.Equal("high hello janus-1 rooms", line.GetProperty("message").GetString());
        string[] all = ["level", "levelValue", "messageValue", "module", "moduleValue", "service", "serviceValue"];
        Assert.Equal(["info", "high", "hello", "Main", "janus-1", "probe", "rooms"], all.Select(name => line.GetProperty(name).GetString()!));
    }

    [Fact]
    public void A_console_line_ends_with_the_ids_that_its_message_does_not_name()
    {
        var command = Guid.NewGuid();
        var line = Console(colourful: false, log =>
        {
            using var room = log.With(("Room", "demo"), ("Command", command), ("Position", 7L));
            log.LogInformation("{Room} is on air", "demo");
        });
        Assert.Matches(@$"^\d\d:\d\d:\d\d\.\d{{3}} INF rooms RoomSvc\.Lamp demo is on air command={command} position=7\n$", line);
    }

    [Fact]
    public void A_trace_stands_there_once()
    {
        using var errand = new Activity("errand").Start();
        var line = Console(colourful: false, log =>
        {
            using var ids = log.With(("Correlation", errand.TraceId.ToString()));
            log.LogInformation("Done");
        });
        Assert.EndsWith($"Done trace={errand.TraceId}\n", line, StringComparison.Ordinal);
        Assert.EndsWith($"failed ({errand.TraceId})\n", Console(colourful: false, log => log.LogInformation("It failed ({TraceId})", errand.TraceId.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_activity_has_its_trace_from_its_scope()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var rig = new LogRig();
        using (rig.Logger("any").With(("Trace", Trace)))
            rig.Logger("Main").LogInformation("Done");

        Assert.Equal(Trace, Assert.Single(rig.Lines()).GetProperty("trace").GetString());
        Assert.EndsWith($"Done trace={Trace}\n", Console(colourful: false, Write), StringComparison.Ordinal);
        using var errand = new Activity("errand").SetParentId($"00-{Trace}-b7ad6b7169203331-00").Start();
        Assert.EndsWith($"Done trace={Trace}\n", Console(colourful: false, Write), StringComparison.Ordinal);

        static void Write(ILogger log)
        {
            using var ids = log.With(("Trace", Trace), ("Correlation", Trace));
            log.LogInformation("Done");
        }
    }

    [Fact]
    public void Nobody_elses_words_begin_a_line_or_colour_it()
    {
        var line = Console(colourful: false, log => log.LogInformation("It ended: {Reason}", "bye\n12:00:00.000 ERR rooms \u001b[31mforged"));
        Assert.Equal(1, line.Count(letter => letter == '\n'));
        Assert.DoesNotContain('\u001b', line);
    }

    [Theory]
    [InlineData(false, null, "xterm", true)]
    [InlineData(false, "", null, true)]
    [InlineData(true, null, "xterm", false)]
    [InlineData(false, "1", "xterm", false)]
    [InlineData(false, null, "dumb", false)]
    public void Colour_is_for_terminals_whose_user_wants_it(bool redirected, string? noColour, string? terminal, bool colourful)
    {
        Assert.Equal(colourful, ConsoleLine.IsColourful(redirected, noColour, terminal));
        Assert.Equal(colourful, Console(colourful, log => log.LogInformation("Hello")).Contains('\u001b', StringComparison.Ordinal));
    }

    private static string Console(bool colourful, Action<ILogger> write)
    {
        var text = new StringWriter();
        var modules = new LogModules([new LogModule("EventRtc.Rooms", "RoomSvc")]);
        var logger = new LoggerConfiguration().MinimumLevel.Verbose()
            .Enrich.WithProperty(Logs.Service, "rooms").Enrich.With(new ModuleOfLine(modules), new PlainValues(), new IdsOfLine())
            .WriteTo.Sink(new Written(ConsoleLine.Formatter(colourful), text)).CreateLogger();
        using (var factory = new LoggerFactory([new SerilogLoggerProvider(logger, dispose: true)]))
            write(factory.CreateLogger("EventRtc.Rooms.Lamps.Lamp"));
        return text.ToString();
    }

    private sealed class Written(ITextFormatter form, TextWriter text) : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) => form.Format(logEvent, text);
    }
}
