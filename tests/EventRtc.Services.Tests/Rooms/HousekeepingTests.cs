using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Rooms.Housekeeping;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

[Collection(ControlPlaneCollection.Name)]
public sealed class HousekeepingTests(ControlPlane plane)
{
    private static readonly RoomId Room = new("a-room");
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly HousekeepingOptions Defaults = new();
    private static readonly RoomViews Created = RoomViews.Empty.Apply(new RoomEvent.RoomCreated(Room, "123456", 3, Start));
    private static readonly RoomViews OnAir = Created.Apply(new RoomEvent.LiveStarted(Room, ControlPlane.Janus, ControlPlane.Mixer, "nonce", Start));
    private static readonly RoomViews Removing = OnAir.Apply(new RoomEvent.RemovalRequested(Room, "requested", Start));

    [Theory]
    [InlineData(9.9, false)]
    [InlineData(10, true)]
    public void A_room_that_is_never_started_is_removed_after_ten_minutes(double minutes, bool due) =>
        Assert.Equal(due ? "never_started" : null, (Due(Created, minutes) as RoomCommand.RemoveRoom)?.Reason);

    [Theory]
    [InlineData(179, false)]
    [InlineData(180, true)]
    public void A_room_on_air_is_removed_after_three_hours(double minutes, bool due) =>
        Assert.Equal(due ? "over_age" : null, (Due(OnAir, minutes) as RoomCommand.RemoveRoom)?.Reason);

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1, true)]
    public void A_removal_waits_a_minute_for_its_modules(double minutes, bool due) =>
        Assert.Equal(due, Due(Removing, minutes) is RoomCommand.DiscardRoom);

    [Fact]
    public async Task A_forgotten_room_goes_by_itself_and_the_history_says_why()
    {
        var id = ControlPlane.NewRoom();
        var tidy = plane.Replica(plane.Deployment.Rooms, ("HOUSEKEEPING_EVERY", "100ms"), ("HOUSEKEEPING_NEVER_STARTED", "1s"));
        try
        {
            await tidy.Start();
            await plane.LetKeepHouse(tidy);
            await plane.Rooms.Post("/api/rooms", new { roomId = id });

            await Eventually.True(async () => (await plane.Steps(id))[^1] == "room_deleted", ControlPlane.Patience, "the room is removed");
            Assert.Equal(["room_created", "removal_requested", "room_deleted"], await plane.Steps(id));
        }
        finally
        {
            await tidy.DisposeAsync();
            await plane.LetNobodyKeepHouse();
        }
    }

    [Fact]
    public async Task A_removal_that_no_module_answers_ends_when_its_event_says()
    {
        var id = await plane.Create(new { roomId = ControlPlane.NewRoom(), start = true });
        var tidy = plane.Replica(plane.Deployment.Rooms, ("HOUSEKEEPING_EVERY", "100ms"), ("HOUSEKEEPING_DISCARD_AFTER", "2s"));
        try
        {
            await tidy.Start();
            await plane.LetKeepHouse(tidy);
            using var rooms = new Api(tidy.Url);
            await rooms.Delete($"/api/rooms/{id}");

            await Eventually.True(async () => (await plane.Steps(id))[^1] == "room_deleted", ControlPlane.Patience, "the room is discarded");
            Assert.Equal(["room_created", "live_started", "removal_requested", "room_deleted"], await plane.Steps(id));
            var (asked, deleted) = ((await plane.History(id))[^2].GetProperty("data"), (await plane.History(id))[^1].GetProperty("data"));
            var discardAt = asked.GetProperty("discardAt").GetDateTimeOffset();
            Assert.Equal(TimeSpan.FromSeconds(2), discardAt - asked.GetProperty("at").GetDateTimeOffset());
            Assert.InRange(deleted.GetProperty("at").GetDateTimeOffset(), discardAt, discardAt + ControlPlane.Patience);
        }
        finally
        {
            await tidy.DisposeAsync();
            await plane.LetNobodyKeepHouse();
        }
    }

    [Fact]
    public void Only_what_the_log_says_too_is_ended()
    {
        var created = RoomDecider.Evolve(RoomDecider.Initial, new RoomEvent.RoomCreated(Room, "123456", 3, Start));
        var onAir = RoomDecider.Evolve(created, new RoomEvent.LiveStarted(Room, ControlPlane.Janus, ControlPlane.Mixer, "nonce", Start + TimeSpan.FromMinutes(9)));
        var (unstarted, old) = (Due(Created, 10)!, Due(OnAir, 180)!);

        Assert.Null(Overdue.Still(unstarted, created, Defaults));
        Assert.Equal(Overdue.NotOver, Overdue.Still(unstarted, onAir, Defaults));
        Assert.Equal(Overdue.NotOver, Overdue.Still(old, onAir, Defaults));
        Assert.Null(Overdue.Still(Due(OnAir, 189)!, onAir, Defaults));
        Assert.Equal(Overdue.NotOver, Overdue.Still(unstarted, RoomDecider.Initial, Defaults));

        var removing = RoomDecider.Evolve(onAir, new RoomEvent.RemovalRequested(Room, "requested", Start, Start + TimeSpan.FromMinutes(2)));
        Assert.Equal(Overdue.NotOver, Overdue.Still(Due(Removing, 1)!, removing, Defaults));
        Assert.Null(Overdue.Still(Due(Removing, 2)!, removing, Defaults));
        Assert.Equal(Overdue.NotOver, Overdue.Still(Due(Removing, 2)!, onAir, Defaults));
    }

    [Fact]
    public async Task A_room_on_air_whose_view_is_gone_is_not_ended_as_one_that_was_never_started()
    {
        var live = await plane.Create(new { roomId = ControlPlane.NewRoom(), start = true });
        var forgotten = await plane.Create();
        await Eventually.True(async () => await plane.ViewOf<RoomMeta>(new ViewKeys().Meta(new RoomId(forgotten))) is not null, ControlPlane.Patience, "both are shown");
        var tidy = plane.Replica(plane.Deployment.Rooms, ("HOUSEKEEPING_EVERY", "100ms"), ("HOUSEKEEPING_NEVER_STARTED", "1s"));
        try
        {
            await plane.Deployment.Projector.Stop(); // it would bring the view back
            await plane.Etcd.Delete(new ViewKeys().Live(new RoomId(live)));
            await tidy.Start();
            await plane.LetKeepHouse(tidy);

            await Eventually.True(async () => (await plane.Steps(forgotten))[^1] == "room_deleted", ControlPlane.Patience, "house is kept");
            Assert.Equal(["room_created", "live_started"], await plane.Steps(live));
        }
        finally
        {
            await tidy.DisposeAsync();
            await plane.Deployment.Projector.Start();
            await plane.LetNobodyKeepHouse();
        }
    }

    private static RoomCommand? Due(RoomViews views, double minutes) => Overdue.Find(Room, views, Defaults, Start + TimeSpan.FromMinutes(minutes));
}
