using System.Diagnostics;
using System.Net.Http.Json;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>One call, one trace: from HTTP through the log and the views to Janus and ffmpeg, and back with what they did.</summary>
[Collection(typeof(Traced))]
public sealed class TraceTests(TracedSystem system)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Each from the call downwards; every span is the child of the one before it, or says that it follows from that too: events that come together are projected at once.</summary>
    private static readonly string[][] Paths =
    [
        ["rooms: POST /api/rooms/", "rooms: CreateRoom, StartLive", "rooms: append", "projector: relay"],
        [.. ToProjection, "projector: etcd txn"],
        [.. ToProjection, "janus: watch", "janus: reconcile janus rooms", "janus: janus CreateRoom"],
        [.. ToProjection, "janus: watch", "janus: reconcile janus rooms", "janus: rpc rooms/reportJanusRoom", "rooms: rooms/reportJanusRoom", "rooms: ReportJanusRoom", "rooms: append", "projector: project"],
        [.. ToProjection, "mixer: watch", "mixer: reconcile mixer rooms", "mixer: start ffmpeg"],
        [.. ToProjection, "mixer: watch", "mixer: reconcile mixer rooms", "mixer: rpc rooms/reportMixerPort", "rooms: rooms/reportMixerPort", "rooms: ReportMixerPort", "rooms: append", "projector: project"],
    ];

    private static string[] ToProjection => ["rooms: POST /api/rooms/", "rooms: CreateRoom, StartLive", "rooms: append", "projector: project"];

    [Fact]
    public async Task Starting_a_room_is_one_trace_from_the_call_to_Janus_and_ffmpeg()
    {
        var room = $"trace-{Guid.NewGuid():N}"[..20];
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        using var created = await http.PostAsJsonAsync(new Uri(system.Deployment.Web, "/api/rooms"), new { roomId = room, pin = RoomApi.Pin, start = true });
        created.EnsureSuccessStatusCode();

        await Eventually.True(() => system.Rooms.IsForwarding(room), Within, "the room forwards its sound");
        try
        {
            await Eventually.True(() => Missing(trace).Length == 0, Within, "every step is in the trace");
            await Eventually.True(() => system.Collector.Of(trace).Any(span => span.Name == "janus StartForwarding"), Within, "and what the views of the two workers made Janus do");
        }
        catch (Exception late) when (late is not OperationCanceledException)
        {
            Assert.Fail($"Missing:\n{Missing(trace)}\nSeen:\n{Tree(system.Collector.Of(trace))}");
        }
        AssertNobodyIsBeforeItsParent(system.Collector.Of(trace));
        await system.Rooms.Remove(room);
    }

    [Fact]
    public async Task A_caller_that_does_not_record_is_not_recorded_and_metrics_are_sent()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-00");

        using var listed = await http.GetAsync(new Uri(system.Deployment.Web, "/api/rooms"));
        listed.EnsureSuccessStatusCode();

        await Eventually.True(() => system.Collector.Metrics >= 2 * system.Services.Count, Within, "every service sends its metrics");
        Assert.Empty(system.Collector.Of(trace));
    }

    private string Missing(string trace)
    {
        var spans = system.Collector.Of(trace).SelectMany(span => span.Links.Prepend(span.Parent), (span, above) => (Span: span, Above: above)).ToLookup(one => one.Above, one => one.Span);
        var begin = system.Collector.Of(trace).Where(span => span.ToString() == Paths[0][0]).ToList();
        return string.Join('\n', Paths.Where(path => !begin.Exists(first => Holds(spans, first, path.AsSpan(1)))).Select(path => string.Join(" > ", path)));
    }

    private static bool Holds(ILookup<string, SeenSpan> children, SeenSpan at, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return true;
        foreach (var child in children[at.Id])
            if (child.ToString() == path[0] && Holds(children, child, path[1..]))
                return true;
        return false;
    }

    /// <summary>All on one machine, so clocks agree but for their resolution.</summary>
    private static void AssertNobodyIsBeforeItsParent(IReadOnlyList<SeenSpan> spans)
    {
        const ulong Millisecond = 1_000_000;
        var byId = spans.ToDictionary(span => span.Id);
        foreach (var span in spans)
            if (byId.TryGetValue(span.Parent, out var parent))
                Assert.True(span.StartedAt + 2 * Millisecond >= parent.StartedAt, $"{span} begins before {parent}");
    }

    private static string Tree(IReadOnlyList<SeenSpan> spans)
    {
        var children = spans.ToLookup(span => span.Parent);
        var roots = spans.Where(span => spans.All(other => other.Id != span.Parent));
        return string.Join('\n', roots.SelectMany(root => Lines(root, 0)));

        IEnumerable<string> Lines(SeenSpan span, int depth) =>
            children[span.Id].OrderBy(child => child.StartedAt).SelectMany(child => Lines(child, depth + 1)).Prepend($"{new string(' ', 2 * depth)}{span}");
    }
}
