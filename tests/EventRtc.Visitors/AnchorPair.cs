using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Visitors;

/// <summary>A room with an anchor who speaks a tone, one who says nothing, and a listener, through whatever happens to them.</summary>
public sealed class AnchorPair(Deployment at, RoomApi rooms, string room, Studio speaker, Studio coAnchor, Hearing hearing, Recording recording) : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public string Room => room;

    public Studio Speaker => speaker;

    public Studio CoAnchor => coAnchor;

    public static async Task<AnchorPair> GoOnAir(Deployment at, RoomApi rooms)
    {
        var room = $"pair-{Guid.NewGuid():N}"[..20];
        await rooms.OnAir(room);
        var speaker = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada");
        var coAnchor = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 100, volume: 0), "Grace");
        await Hearing.BePatient(coAnchor.Page);
        var listener = new Listener(rooms, room);
        await Eventually.True(async () => await coAnchor.HearsTone() && await listener.ToneRatio() >= Listener.Distinct, Soon, "co-anchor and listener hear the tone");
        return new AnchorPair(at, rooms, room, speaker, coAnchor, await Hearing.Begin(coAnchor.Page), await Recording.Begin(listener));
    }

    /// <summary>Brings the co-anchor to the gateway that the speaker is connected to.</summary>
    public async Task<ServiceProcess> ShareGateway()
    {
        await Eventually.True(async () => await AreTogether() || await Hop(), Soon, "both are connected to the same gateway");
        var shared = (await Gateways())[0];
        return at.Gateways.Single(gateway => gateway.Name == shared);
    }

    /// <summary>Lets something happen, and all hear on for a while. Of the two pages those resume that are meant to, and the others notice nothing.</summary>
    /// <returns>How long it took until those were connected again.</returns>
    /// <exception cref="InvalidOperationException">One noticed something that was not meant to, or noticed something else.</exception>
    public async Task<TimeSpan> Through(Func<Task> happening, params Studio[] resuming)
    {
        var changes = new Dictionary<Studio, StateChanges> { [speaker] = await StateChanges.Begin(speaker.Page), [coAnchor] = await StateChanges.Begin(coAnchor.Page) };
        await hearing.GoesOn(TimeSpan.FromSeconds(1));
        var began = TimeProvider.System.GetUtcNow();
        await happening();
        var resumed = await Task.WhenAll(resuming.Select(studio => changes[studio].Resumed()));
        await hearing.GoesOn(TimeSpan.FromSeconds(1));
        await recording.End(3);
        foreach (var studio in changes.Keys.Except(resuming))
            await changes[studio].Unchanged();
        return resumed.Append(began).Max() - began;
    }

    public async Task<(TimeSpan CoAnchor, TimeSpan Listener)> LongestGaps() => (await hearing.LongestGap(), await recording.LongestGap());

    /// <summary>The gateways that the two are connected to, by their locks.</summary>
    public async Task<IReadOnlyList<string>> Gateways()
    {
        await using var redis = new RedisClient(new RedisOptions { Address = at.Redis.Address }, NullLogger<RedisClient>.Instance);
        return [await GatewayOf(redis, speaker), await GatewayOf(redis, coAnchor)];
    }

    public async ValueTask DisposeAsync()
    {
        await recording.DisposeAsync();
        await rooms.Remove(room);
        await speaker.DisposeAsync();
        await coAnchor.DisposeAsync();
    }

    private async Task<bool> AreTogether() => (await Gateways()).Distinct().Count() == 1;

    /// <summary>Each new connection goes to the next gateway.</summary>
    private async Task<bool> Hop()
    {
        var changes = await StateChanges.Begin(coAnchor.Page);
        await coAnchor.DropSocket();
        await changes.Resumed();
        return false;
    }

    private async Task<string> GatewayOf(RedisClient redis, Studio anchor) =>
        ((string?)await redis.StringGetAsync($"rtcus:c:{room}:{await anchor.UserId(room)}"))!.Split('.')[0];
}
