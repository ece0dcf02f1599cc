using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>An Idempotency-Key makes two calls one: the same answer, and no second event, also when the room has gone on in between.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class IdempotencyTests(ControlPlane plane)
{
    [Fact]
    public async Task A_repeated_creation_is_answered_as_the_first_time()
    {
        var (id, key) = (ControlPlane.NewRoom(), NewKey());
        var first = await plane.Rooms.Post("/api/rooms", new { roomId = id }, key);
        await plane.Rooms.Post($"/api/rooms/{id}/start", new { });
        var onAir = await plane.Rooms.Post("/api/rooms", new { roomId = id }, key);
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.LetGo(id);
        var removed = await plane.Rooms.Post("/api/rooms", new { roomId = id }, key);

        MustBeEqual(first, onAir);
        MustBeEqual(first, removed);
        Assert.Single(await plane.Steps(id), "room_created");
    }

    [Fact]
    public async Task Without_an_id_the_key_means_the_same_room_and_another_key_another()
    {
        var key = NewKey();
        var first = await plane.Rooms.Post("/api/rooms", new { }, key);
        var again = await plane.Rooms.Post("/api/rooms", new { }, key);
        var other = await plane.Rooms.Post("/api/rooms", new { }, NewKey());

        MustBeEqual(first, again);
        Assert.NotEqual(first.Room.Text("roomId"), other.Room.Text("roomId"));
        Assert.Equal(["room_created"], await plane.Steps(first.Room.Text("roomId")));
    }

    [Fact]
    public async Task A_repeated_creation_on_air_needs_no_modules()
    {
        var key = NewKey();
        var first = await plane.Rooms.Post("/api/rooms", new { start = true }, key);
        await plane.WithdrawModules();
        var again = await plane.Rooms.Post("/api/rooms", new { start = true }, key);
        await plane.OfferModules();

        MustBeEqual(first, again);
        Assert.Equal(["room_created", "live_started"], await plane.Steps(first.Room.Text("roomId")));
    }

    [Fact]
    public async Task A_repeated_start_is_answered_as_the_first_time()
    {
        var (id, key) = (await plane.Create(), NewKey());
        var first = await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key);
        var nonce = await plane.NonceOf(id);
        await plane.Reports.Send(new RoomCommand.ReportMixerPort(new RoomId(id), ControlPlane.Mixer, nonce, "127.0.0.1", 5006, 3001, default), CancellationToken.None);
        var onAir = await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key);
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.WithdrawModules();
        var removing = await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key);
        await plane.LetGo(id);
        var removed = await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key);
        await plane.OfferModules();

        MustBeEqual(first, onAir);
        MustBeEqual(first, removing);
        MustBeEqual(first, removed);
        Assert.Single(await plane.Steps(id), "live_started");
    }

    [Fact]
    public async Task A_repeated_removal_does_not_remove_the_next_room()
    {
        var (id, key) = (await plane.Create(), NewKey());
        var first = await plane.Rooms.Delete($"/api/rooms/{id}", key);
        await plane.Create(new { roomId = id });
        var again = await plane.Rooms.Delete($"/api/rooms/{id}", key);

        MustBeEqual(first, again);
        Assert.Equal(["room_created", "removal_requested", "room_deleted", "room_created"], await plane.Steps(id));
    }

    [Fact]
    public async Task A_refusal_is_decided_anew()
    {
        var (id, key) = (ControlPlane.NewRoom(), NewKey());
        Assert.Equal(404, (await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key)).Status);
        await plane.Create(new { roomId = id });

        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{id}/start", new { }, key)).Status);
    }

    [Fact]
    public async Task A_key_means_one_call_on_one_address()
    {
        var (one, other, key) = (ControlPlane.NewRoom(), ControlPlane.NewRoom(), NewKey());
        await plane.Create(new { roomId = one });
        await plane.Create(new { roomId = other });

        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{one}/start", new { }, key)).Status);
        Assert.Equal(200, (await plane.Rooms.Post($"/api/rooms/{other}/start", new { }, key)).Status);
        Assert.Equal(200, (await plane.Rooms.Delete($"/api/rooms/{one}", key)).Status);
        Assert.Equal(["room_created", "live_started", "removal_requested"], await plane.Steps(one));
        Assert.Equal(["room_created", "live_started"], await plane.Steps(other));
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private static void MustBeEqual(Answer first, Answer again)
    {
        Assert.InRange(first.Status, 200, 299);
        Assert.Equal((first.Status, first.Body.GetRawText()), (again.Status, again.Body.GetRawText()));
    }
}
