using System.Text;
using System.Text.Json;
using EventRtc.Projections;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Projections;

/// <summary>The values that workers, operators and other programs read in etcd.</summary>
public sealed class ViewJsonTests
{
    private static readonly ViewKeys Keys = new();

    [Theory]
    [InlineData(ViewKind.Meta, """{"pin":"abc123","hlsPath":"rooms/studio-1/stream.m3u8","maxAnchors":2,"createdAt":"2025-03-01T12:00:00+00:00"}""")]
    [InlineData(ViewKind.Live, """{"status":"onair","mixerId":"mixer-1","janusId":"janus-1","nonce":"n1","createdAt":"2025-03-01T12:00:10+00:00"}""")]
    [InlineData(ViewKind.Janus, """{"id":"janus-1","janusRoomId":4000000001,"status":"forwarding","timestamp":"2025-03-01T12:00:40+00:00"}""")]
    [InlineData(ViewKind.Mixer, """{"id":"mixer-1","ip":"10.0.0.5","port":10000,"hlsPort":3001}""")]
    public void A_view_has_the_contracts_fields(ViewKind kind, string json) => Assert.Equal(json, Text(RoomViews.Fold(Flowing).Write(kind)));

    [Fact]
    public void A_room_being_removed_says_until_when() =>
        Assert.Equal(
            """{"status":"removing","mixerId":"mixer-1","janusId":"janus-1","nonce":"n1","createdAt":"2025-03-01T12:00:10+00:00","""
            + """
            "discardAt":"2025-03-01T12:01:50+00:00"}
            """,
            Text(RoomViews.Fold(Removing).Write(ViewKind.Live)));

    [Fact]
    public void A_view_that_is_not_there_has_no_value() => Assert.All(Enum.GetValues<ViewKind>(), kind => Assert.Null(RoomViews.Empty.Write(kind)));

    [Fact]
    public void A_heartbeat_has_the_contracts_fields()
    {
        var mixer = new Heartbeat(Heartbeat.Healthy, "host-1", 20, 3, At(0));
        var janus = mixer with { WsUrl = "ws://10.0.0.5:8188" };
        const string json = """{"status":"healthy","host":"host-1","capacity":20,"streams":3,"startedAt":"2025-03-01T12:00:00+00:00"}""";
        Assert.Equal(json, JsonSerializer.Serialize(mixer, DomainJson.Options));
        Assert.Equal(json[..^1] + ""","wsUrl":"ws://10.0.0.5:8188"}""", JsonSerializer.Serialize(janus, DomainJson.Options));
        Assert.Equal(mixer, JsonSerializer.Deserialize<Heartbeat>(json, DomainJson.Options));
    }

    [Fact]
    public void A_mark_has_the_contracts_field() =>
        Assert.Equal("""{"label":"cordon"}""", JsonSerializer.Serialize(new Mark("cordon"), DomainJson.Options));

    [Fact]
    public void Views_are_read_back_from_their_keys()
    {
        var views = RoomViews.Fold(Flowing);
        Assert.Equal(views, RoomViews.Read(Keys, Room, Written(Room, views)));
    }

    [Fact]
    public void Views_of_many_rooms_are_told_apart()
    {
        var other = new RoomId("studio-2");
        var (first, second) = (RoomViews.Fold(Flowing), RoomViews.Fold([Created]));
        var strange = ("/rooms/studio-3/notes", (ReadOnlyMemory<byte>)"?"u8.ToArray());
        var pairs = Written(Room, first).Concat(Written(other, second)).Append(strange).ToList();

        Assert.Equal(new Dictionary<RoomId, RoomViews> { [Room] = first, [other] = second }, RoomViews.Read(Keys, pairs));
        Assert.Equal(second, RoomViews.Read(Keys, other, pairs));
    }

    [Fact]
    public void A_room_that_cannot_be_read_hides_no_other()
    {
        var other = new RoomId("studio-2");
        var views = RoomViews.Fold([Created]);
        var broken = (Keys.Live(Room), (ReadOnlyMemory<byte>)"{"u8.ToArray());
        var pairs = Written(Room, RoomViews.Fold([Created])).Append(broken).Concat(Written(Room, RoomViews.Fold(Flowing)).TakeLast(1)).Concat(Written(other, views)).ToList();

        Assert.Equal(new Dictionary<RoomId, RoomViews> { [other] = views }, RoomViews.Read(Keys, pairs));
    }

    [Fact]
    public void A_room_without_keys_is_empty() => Assert.True(RoomViews.Read(Keys, Room, []).IsEmpty);

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id":"mixer-1","ip":null,"port":1,"hlsPort":2}""")]
    public void A_value_that_is_no_view_is_not_believed(string json) =>
        Assert.Throws<JsonException>(() => RoomViews.Read(Keys, Room, [(Keys.Mixer(Room), Encoding.UTF8.GetBytes(json))]));

    private static IEnumerable<(string Key, ReadOnlyMemory<byte> Json)> Written(RoomId room, RoomViews views) =>
        from kind in Enum.GetValues<ViewKind>()
        let json = views.Write(kind)
        where json is not null
        select (Keys.Of(room, kind), (ReadOnlyMemory<byte>)json);

    private static string? Text(byte[]? json) => json is null ? null : Encoding.UTF8.GetString(json);
}
