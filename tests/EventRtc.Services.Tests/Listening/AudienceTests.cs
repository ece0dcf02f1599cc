using System.Net;
using EventRtc.Hls;
using EventRtc.Services.Tests.Rooms.Moves;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EventRtc.Services.Tests.Listening;

/// <summary>How many are thought to listen.</summary>
public sealed class AudienceTests
{
    private readonly HandClock clock = new();
    private readonly Audience audience;

    public AudienceTests() => audience = new Audience(clock);

    [Fact]
    public void A_player_that_comes_again_and_again_counts_once_and_others_count_too()
    {
        foreach (var caller in (string[])["10.0.0.1", "10.0.0.1", "10.0.0.2"])
            audience.Saw(From(caller));

        Assert.Equal(2, audience.Count);
    }

    [Fact]
    public void Who_stays_is_counted_still_and_who_left_no_longer()
    {
        audience.Saw(From("10.0.0.1"));
        audience.Saw(From("10.0.0.2"));
        clock.Pass(TimeSpan.FromSeconds(10));
        audience.Saw(From("10.0.0.1"));
        Assert.Equal(2, audience.Count);

        clock.Pass(TimeSpan.FromSeconds(10));
        audience.Saw(From("10.0.0.1"));
        Assert.Equal(1, audience.Count);

        clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(0, audience.Count);
    }

    private static HttpRequest From(string address) =>
        new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) }, Request = { Path = "/hls/rooms/my-room/stream.m3u8" } }.Request;
}
