using EventRtc.Hosting.Logging;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

public sealed class RouteIdsTests
{
    [Theory]
    [InlineData("/api/rooms/{id}/users/{userId}", "id=demo userId=u-1", "Room=demo User=u-1")]
    [InlineData("/hls/rooms/{id}/{file}", "id=demo file=stream.m3u8", "Room=demo")]
    [InlineData("/api/modules/{type}/{id}/mark", "type=januses id=janus-1", "Module=janus-1")]
    [InlineData("/api/rooms/", "", "")]
    [InlineData("/api/rooms/{id}", "id=<script>", "")]
    public void An_address_names_ids(string route, string values, string ids)
    {
        var given = new RouteValueDictionary(values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => KeyValuePair.Create(one.Split('=')[0], (object?)one.Split('=')[1])));
        Assert.Equal(ids, string.Join(' ', RouteIds.Of(RoutePatternFactory.Parse(route), given).Select(id => $"{id.Key}={id.Value}")));
    }

    [Fact]
    public void What_is_too_long_is_no_id() =>
        Assert.Empty(RouteIds.Of(RoutePatternFactory.Parse("/rooms/{id}"), new RouteValueDictionary { ["id"] = new string('x', 65) }));
}
