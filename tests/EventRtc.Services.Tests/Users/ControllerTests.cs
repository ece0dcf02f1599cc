using System.Diagnostics;
using System.Text;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Users.Presence;
using Xunit;

namespace EventRtc.Services.Tests.Users;

/// <summary>What one users process does for all, and what becomes of it when that process dies or hangs.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ControllerTests(ControlPlane plane, ITestOutputHelper output)
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task A_standby_takes_over_in_under_5_s_from_one_that_was_killed()
    {
        var key = Guid.NewGuid().ToString("N");
        await using var leader = plane.ControllerOfItsOwn(key: key);
        await using var standby = plane.ControllerOfItsOwn(key: key);
        await leader.Start();
        await Leads(leader.Port, key);
        await standby.Start();

        await leader.Kill();
        var without = Stopwatch.StartNew();
        var (id, user) = await Joined();
        await Leads(standby.Port, key);
        var elected = without.Elapsed;
        await Eventually.True(async () => !await plane.IsShown(id, user), ControlPlane.Patience, "somebody silent is taken out");

        output.WriteLine($"A standby leads {elected.TotalSeconds:0.00} s after the leader was killed, and has taken out a silent member after {without.Elapsed.TotalSeconds:0.00} s");
        Assert.InRange(elected, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_frozen_controller_that_wakes_expires_nobody_who_has_reported_meanwhile()
    {
        await using var controller = plane.ControllerOfItsOwn(expireAfter: "2s", answerWithin: "1.9s");
        await controller.Start();
        var (id, faithful, silent) = await TwoJoined();

        await controller.Freeze();
        await Eventually.True(async () => (await new RoomMembers(plane.Redis).FindOverdue(TimeSpan.FromSeconds(2), Ct)).Any(user => user.User == faithful), ControlPlane.Patience, "both are silent too long");
        await Report(id, faithful);
        controller.Thaw();
        await Eventually.True(async () =>
        {
            await Report(id, faithful);
            return await plane.Recorded(id, silent) == "left";
        }, ControlPlane.Patience, "the controller takes out who stayed silent");

        Assert.True(await plane.IsShown(id, faithful));
        Assert.Equal([silent.Value], (await plane.History(id.Value)).Where(happened => happened.Text("type") == "anchor_left").Select(left => left.GetProperty("data").Text("user")));
    }

    [Fact]
    public async Task Who_was_let_in_by_the_log_and_never_shown_is_recorded_as_gone()
    {
        var (id, user) = await Admitted();
        await new RoomMembers(plane.Redis).Claim(id, user, 1, Ct);
        await plane.Reports.Send(new RoomCommand.ReportAnchorJoined(id, user, default), Ct);

        await using var controller = plane.ControllerOfItsOwn();
        await controller.Start();
        await Eventually.True(async () => await plane.Recorded(id, user) == "left", ControlPlane.Patience, "the place is given back");
        Assert.Empty(await plane.Broadcasts(id));
    }

    [Fact]
    public async Task Who_is_shown_and_recorded_as_gone_is_recorded_as_joined_again()
    {
        var (id, user) = await Joined();
        await new RoomMembers(plane.Redis).Unsettle(id, user, Ct);
        await plane.Reports.Send(new RoomCommand.ReportAnchorLeft(id, user, "left", default), Ct);

        await WhileReporting(id, user, async () => await plane.Recorded(id, user) == "joined");
        Assert.True(await plane.IsShown(id, user));
        Assert.Single(await plane.Broadcasts(id));
    }

    [Fact]
    public async Task Who_is_shown_and_recorded_as_removed_is_thrown_out()
    {
        var (id, user) = await Joined();
        await new RoomMembers(plane.Redis).Unsettle(id, user, Ct);
        await plane.Reports.Send(new RoomCommand.ReportAnchorLeft(id, user, LeaveReasons.Removed, default), Ct);

        await WhileReporting(id, user, async () => !await plane.IsShown(id, user));
        Assert.Equal([new Eviction(user, Eviction.Removed)], await plane.Evictions(id));
    }

    [Fact]
    public async Task Who_is_admitted_and_was_refused_keeps_the_admission()
    {
        var id = new RoomId(await plane.Create(new { roomId = ControlPlane.NewRoom() }));
        var (user, _) = await plane.Admit(id.Value);
        await Record.ExceptionAsync(() => plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct));

        await using var controller = plane.ControllerOfItsOwn();
        await controller.Start();
        await Eventually.True(async () => !await plane.Redis.KeyExistsAsync($"rtcus:r:{id}:us"), ControlPlane.Patience, "the claim is forgotten");
        Assert.Equal("admitted", await plane.Recorded(id, user));
    }

    [Fact]
    public async Task Who_falls_silent_while_nothing_can_be_recorded_is_shown_no_more_and_recorded_later()
    {
        var (id, one, other) = await TwoJoined();
        await plane.Deployment.Rooms.Kill();

        await using var controller = plane.ControllerOfItsOwn();
        await controller.Start();
        await Eventually.True(async () => !await plane.IsShown(id, one) && !await plane.IsShown(id, other), ControlPlane.Patience, "nobody is shown");
        await plane.Deployment.Rooms.Start();
        await Eventually.True(async () => await plane.Recorded(id, one) == "left" && await plane.Recorded(id, other) == "left", ControlPlane.Patience, "both are recorded");
        await plane.OfferModules();
    }

    [Fact]
    public async Task Nobody_stays_in_a_room_that_is_gone()
    {
        var (id, user) = await Joined();
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.LetGo(id.Value);

        await using var controller = plane.ControllerOfItsOwn();
        await controller.Start();
        await Eventually.True(async () => !await plane.Redis.KeyExistsAsync($"rtcus:r:{id}:us"), ControlPlane.Patience, "the room is forgotten");
        Assert.Empty((await plane.Broadcasts(id))[^1].Members);
        Assert.False(await plane.IsShown(id, user));
    }

    private Task Leads(int port, string key) => Eventually.True(
        async () => await plane.Etcd.Get($"/leaders/{key}/presence") is { } held && Encoding.UTF8.GetString(held.Value.Span).EndsWith($":{port}", StringComparison.Ordinal),
        ControlPlane.Patience, "a controller leads");

    /// <summary>Under a controller, and so often that the user is not silent for it.</summary>
    private async Task WhileReporting(RoomId room, UserId user, Func<Task<bool>> until)
    {
        await using var controller = plane.ControllerOfItsOwn(expireAfter: "2s", answerWithin: "1.9s");
        var starting = controller.Start();
        await Eventually.True(async () =>
        {
            await Record.ExceptionAsync(() => Report(room, user)); // refused as soon as it is out
            return await until();
        }, ControlPlane.Patience, "the controller has looked after it");
        await starting;
    }

    private Task Report(RoomId room, UserId user) => plane.Presence.Report(new(room, user, Role.Anchor, 1, "idle"), Ct);

    private async Task<(RoomId Room, UserId User)> Admitted()
    {
        var id = await plane.Create(new { start = true });
        return (new RoomId(id), (await plane.Admit(id)).User);
    }

    private async Task<(RoomId Room, UserId User)> Joined()
    {
        var (id, user) = await Admitted();
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        return (id, user);
    }

    private async Task<(RoomId Room, UserId One, UserId Other)> TwoJoined()
    {
        var (id, user) = await Joined();
        var (other, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, other, Role.Anchor, 1), Ct);
        return (id, user, other);
    }
}
