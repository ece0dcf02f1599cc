using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>kill -9 of any one service, and its restart, while somebody is on air: the room works on.</summary>
public sealed class KillTests(RunningSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Services => ["rooms", "janus-worker", "mixer-worker", "gateway-1", "users", "hls", "projector"];

    [Theory, MemberData(nameof(Services))]
    public async Task A_room_on_air_survives_the_kill_of(string service)
    {
        var at = system.Deployment;
        var room = $"kill-{service}-{Guid.NewGuid():N}"[..28];
        await system.Rooms.OnAir(room);
        await using var speaker = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada");
        var listener = new Listener(system.Rooms, room);
        await Eventually.True(async () => await listener.ToneRatio() >= Listener.Distinct, Soon, "the tone is heard before the kill");

        await Find(at, service).Restart();

        var before = await Eventually.Value(async () => (object?)await listener.NewestSegment(), Soon, "the playlist is served");
        await Eventually.True(async () => await listener.ToneRatio(after: (int)before + 1) >= Listener.Distinct, Soon, "the tone is heard in segments made after the restart");
        await speaker.WaitUntilConnected();
        await using (var second = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 100, volume: 0), "Grace"))
            await Eventually.True(async () => await second.HeardToneRatio() >= Listener.Distinct, Soon, "an anchor who joins after the restart hears the first");

        await system.Rooms.Remove(room);
        await Eventually.True(async () => await system.Rooms.Find(room) is null && await Remains.JanusRooms(at, room) == 0 && Remains.Ffmpegs(at) == 0, Soon, "the room is removed and leaves nothing");
    }

    private static Server Find(Deployment at, string service) => at.Stages.SelectMany(stage => stage).Single(server => server.Name == service);
}
