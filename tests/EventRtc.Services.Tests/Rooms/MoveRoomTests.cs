using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>A worker that cannot hold a room asks for it to be moved.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class MoveRoomTests(ControlPlane plane) : IAsyncLifetime
{
    private static readonly ModuleId Other = new("janus-2");
    private static readonly string Beat = new ModuleKeys(ModuleKeys.JanusPrefix).Heartbeat(Other);

    [Fact]
    public async Task A_room_moves_to_another_module_and_keeps_its_session()
    {
        var (room, asked) = await OnAir();
        var before = await Shown(room);
        await Offer();

        await Eventually.True(async () => await Refused(asked) is null, ControlPlane.Patience, "the other Janus is known");

        await Eventually.True(async () => await Shown(room) == before with { JanusId = Other }, ControlPlane.Patience, "it is shown there, under the same nonce");
        var moved = (await plane.History($"{room}"))[^1];
        Assert.Equal(("modules_reassigned", "janus_failed"), (moved.Text("type"), moved.GetProperty("data").Text("reason")));
    }

    [Fact]
    public async Task A_room_that_is_with_another_module_or_in_another_session_stays_where_it_is()
    {
        var (room, asked) = await OnAir();
        await Offer();

        Assert.Null(await Refused(asked with { Module = Other }));
        Assert.Null(await Refused(asked with { Nonce = "earlier" }));
        Assert.Equal(["room_created", "live_started"], await plane.Steps($"{room}"));
    }

    [Fact]
    public async Task Without_another_fit_module_the_room_stays_and_its_module_may_ask_again()
    {
        var (room, asked) = await OnAir();

        var refused = await Refused(asked);

        Assert.Equal(("no_capacity", true), (refused?.Reason, refused?.Retryable));
        Assert.Equal("no_capacity", (await Refused(asked with { Kind = ModuleKind.Mixer, Module = ControlPlane.Mixer }))?.Reason);
        Assert.Equal(["room_created", "live_started"], await plane.Steps($"{room}"));
    }

    [Fact]
    public async Task A_room_that_is_not_on_air_is_none_of_the_modules()
    {
        var (_, asked) = await OnAir();
        var removing = await plane.CreateForwarding();
        await plane.Rooms.Delete($"/api/rooms/{removing}");

        foreach (var id in (string[])[await plane.Create(), removing, ControlPlane.NewRoom()])
            Assert.Equal("not_assigned", (await Refused(asked with { Room = new RoomId(id) }))?.Reason);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Other tests know of one Janus only.</summary>
    public async ValueTask DisposeAsync()
    {
        await plane.Etcd.Delete(Beat);
        var (room, asked) = await OnAir();
        await Eventually.True(async () => (await Refused(asked with { Module = (await Shown(room)).JanusId }))?.Reason == "no_capacity", ControlPlane.Patience, "nobody else is there any more");
    }

    private Task<long> Offer() => plane.Etcd.Put(Beat, JsonSerializer.SerializeToUtf8Bytes(new Heartbeat(Heartbeat.Healthy, "test", 1000, 0, DateTimeOffset.UnixEpoch), DomainJson.Options));

    private async Task<(RoomId Room, MoveRoom Asked)> OnAir()
    {
        var room = new RoomId(await plane.Create(new { roomId = ControlPlane.NewRoom(), start = true }));
        var nonce = await plane.NonceOf($"{room}");
        return (room, new MoveRoom(room, ModuleKind.Janus, ControlPlane.Janus, nonce, MoveReasons.Failed(ModuleKind.Janus)));
    }

    private async Task<LiveMeta> Shown(RoomId room) => Assert.IsType<LiveMeta>(await plane.ViewOf<LiveMeta>(new ViewKeys().Live(room)));

    private async Task<RpcException?> Refused(MoveRoom move)
    {
        try
        {
            await plane.Reports.Move(move, CancellationToken.None);
            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }
}
