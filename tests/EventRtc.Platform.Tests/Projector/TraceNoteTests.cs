using System.Diagnostics;
using System.Text;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>What a recorded trace leaves in etcd for those who act on views, and that views know nothing of it.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class TraceNoteTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_recorded_trace_is_noted_beside_the_views_for_some_minutes_and_changes_nothing_in_them()
    {
        using var recording = Record();
        pipeline.StartBoth();

        await PutOnAirTraced(ActivityTraceFlags.Recorded);

        await pipeline.Settled(Lobby);
        var note = (await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)))!.Value;
        Assert.StartsWith($"00-{trace}-", Encoding.ASCII.GetString(note.Value.Span), StringComparison.Ordinal);
        Assert.InRange((await pipeline.Etcd.TimeToLive(note.Lease))!.Value, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        Assert.Empty((await pipeline.Verify.Run()).Findings);
        Assert.Equal(0, (await pipeline.Rebuild.Run(dryRun: true)).RoomsChanged);
    }

    [Fact]
    public async Task A_change_that_is_not_recorded_takes_an_earlier_traces_note_away()
    {
        using var recording = Record();
        pipeline.StartBoth();
        await PutOnAirTraced(ActivityTraceFlags.Recorded);
        await pipeline.Settled(Lobby);
        Assert.NotNull(await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)));

        using (Traced(ActivityTraceFlags.None))
            await pipeline.Command(new RoomCommand.RemoveRoom(Lobby, "asked", Noon));

        await pipeline.Settled(Lobby);
        Assert.Null(await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)));
    }

    [Fact]
    public async Task A_note_that_cannot_be_written_keeps_no_view_back()
    {
        using var recording = Record();
        pipeline.StartBoth();
        await PutOnAirTraced(ActivityTraceFlags.Recorded);
        await pipeline.Settled(Lobby);
        var note = (await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)))!.Value;

        await pipeline.Etcd.RevokeLease(note.Lease); // as an etcd that lost its data
        using (Traced(ActivityTraceFlags.Recorded))
            await pipeline.Command(new RoomCommand.RemoveRoom(Lobby, "asked", Noon));

        await Eventually.True(async () => (await pipeline.Shown(Lobby)).Live?.Status is LiveStatus.Removing, Soon, "the view follows the log");
        Assert.Null(await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)));
    }

    [Fact]
    public async Task Without_a_recorded_trace_nothing_is_noted()
    {
        using var recording = Record();
        pipeline.StartBoth();

        await PutOnAirTraced(ActivityTraceFlags.None);

        await pipeline.Settled(Lobby);
        Assert.Null(await pipeline.Etcd.Get(pipeline.Keys.TraceKey(Lobby)));
    }

    private async Task PutOnAirTraced(ActivityTraceFlags flags)
    {
        using (Traced(flags))
            await pipeline.PutOnAir(Lobby, Noon);
    }

    /// <summary>Commands given under it are of this test's trace.</summary>
    private Activity Traced(ActivityTraceFlags flags) => new Activity("test").SetParentId(trace, ActivitySpanId.CreateRandom(), flags).Start();

    /// <summary>Of this trace alone: other tests run at the same time.</summary>
    private ActivityListener Record()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("EventRtc.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> asked) =>
                asked.Parent.TraceId == trace && asked.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
