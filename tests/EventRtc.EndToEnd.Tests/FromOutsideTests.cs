using System.Net;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What holds for every deployment, seen from its one origin only: ours, or one that runs elsewhere (<c>ops/test --against URL</c>).</summary>
[Trait(RunningSystem.From, RunningSystem.Outside)]
public sealed class FromOutsideTests(RunningSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static readonly string[] Steps =
        ["room_created", "live_started", "forwarding_started", "anchor_admitted", "anchor_joined", "removal_requested", "room_deleted"];

    [Fact]
    public async Task Two_anchors_speak_a_listener_hears_them_and_the_room_goes()
    {
        var room = NewRoom();
        await system.Rooms.OnAir(room);
        await using (var ada = await GoOnAir(room, "Ada"))
        {
            var listener = new Listener(system.Rooms, room);
            await Eventually.True(async () => await listener.ToneRatio() >= Listener.Distinct, Soon, "the tone is in the decrypted HLS");
            await using (var page = await ListenPage.Play(system.Web, room, await Tone.MakeWav(system.Folder, 100, volume: 0)))
            {
                await page.PlaysOn(seconds: 5);
                Assert.True(await page.SaysLive());
            }

            await using var grace = await GoOnAir(room, "Grace");
            await Eventually.True(async () => await grace.HearsTone() && await ada.HearsTone(), Soon, "the anchors hear each other");
            await Eventually.True(async () => (await ada.Members(), await grace.Members()) == (2, 2), Soon, "each sees both");

            await system.Rooms.Remove(room);
            await Eventually.True(async () => await ada.Says("error", "The room has ended") && await grace.Says("error", "The room has ended"), Soon, "both are told that the room has ended");
            await Eventually.True(async () => await system.Rooms.Find(room) is null, Soon, "the room is gone");
        }
        var history = await system.Rooms.History(room);
        Assert.Equal(Steps, Steps.OrderBy(step => history.ToList().IndexOf(step)).Where(history.Contains));
        Assert.Equal(2, history.Count(step => step is "anchor_joined"));
    }

    [Fact]
    public async Task A_key_is_for_listeners_and_goes_with_the_room()
    {
        var room = NewRoom();
        await system.Rooms.OnAir(room);
        using var visitor = new RoomApi(system.Web);
        var token = await visitor.ListenerToken(room);
        Assert.Equal(HttpStatusCode.Unauthorized, await Key(visitor, room));
        Assert.Equal(HttpStatusCode.OK, await Key(visitor, room, token));

        await system.Rooms.Remove(room);
        await Eventually.True(async () => await Key(visitor, room, token) is HttpStatusCode.Forbidden, Soon, "the key is not given out any more");
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("health/ready")]
    [InlineData("api/rebuild")]
    [InlineData("api/verify")]
    public async Task What_is_for_inside_is_not_found(string path)
    {
        using var visitor = new HttpClient();
        using var answer = await visitor.GetAsync(new Uri(system.Web, path));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static string NewRoom() => $"out-{Guid.NewGuid():N}"[..20];

    /// <summary>With a seat that the room's host, or an operator, has handed out.</summary>
    private async Task<Studio> GoOnAir(string room, string name) =>
        await Studio.GoOnAir(system.Web, room, await Tone.MakeWav(system.Folder, 1000), name, token: await system.Rooms.Admit(room));

    private static async Task<HttpStatusCode> Key(RoomApi visitor, string room, string? token = null)
    {
        using var answer = await visitor.Media(room, "enc.key", token);
        return answer.StatusCode;
    }
}
