using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.EndToEnd.Tests;

/// <summary>A room with two anchors, each with a tone of 1 kHz that the other hears.</summary>
internal sealed record TwoAnchors(RoomApi Rooms, string Room, Studio Ada, Studio Grace) : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static async Task<TwoAnchors> GoOnAir(Deployment at, RoomApi rooms)
    {
        var room = $"two-{Guid.NewGuid():N}"[..20];
        await rooms.OnAir(room);
        var tone = await Tone.MakeWav(at.Folder, 1000);
        var anchors = new TwoAnchors(rooms, room, await Studio.GoOnAir(at.Web, room, tone, "Ada"), await Studio.GoOnAir(at.Web, room, tone, "Grace"));
        await anchors.HearEachOther();
        return anchors;
    }

    public Task HearEachOther() => Eventually.True(async () => await Ada.HearsTone() && await Grace.HearsTone(), Soon, "they hear each other");

    public async ValueTask DisposeAsync()
    {
        await Ada.DisposeAsync();
        await Grace.DisposeAsync();
        await Rooms.Remove(Room);
    }
}
