using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Streams;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

/// <summary>What services exchange, letter for letter: two services of different versions may run side by side.</summary>
public sealed class MessagesTests
{
    private const string User = "6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51", Connection = "0f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a52";
    private static readonly RoomId Room = RoomId.Parse("studio-1");

    public static TheoryData<object, string> Requests => new()
    {
        { new RoomsRequest.ReportJanusRoom(Room, new("janus-1"), "n", 5_000_000_000), """{"room":"studio-1","janus":"janus-1","nonce":"n","janusRoomId":5000000000}""" },
        { new RoomsRequest.ReportMixerPort(Room, new("mixer-1"), "n", "10.0.0.1", 10_000, 3201), """{"room":"studio-1","mixer":"mixer-1","nonce":"n","ip":"10.0.0.1","port":10000,"hlsPort":3201}""" },
        { new RoomsRequest.ReportForwarding(Room, new("janus-1"), 7, "10.0.0.1", 10_000), """{"room":"studio-1","janus":"janus-1","janusRoomId":7,"ip":"10.0.0.1","port":10000}""" },
        { new RoomsRequest.ReportForwardingStopped(Room, new("janus-1")), """{"room":"studio-1","janus":"janus-1"}""" },
        { new RoomsRequest.ReportMixerReleased(Room, new("mixer-1")), """{"room":"studio-1","mixer":"mixer-1"}""" },
        { new RoomsRequest.ReportJanusRoomDestroyed(Room, new("janus-1")), """{"room":"studio-1","janus":"janus-1"}""" },
        { new RoomsRequest.AdmitAnchor(Room, new(User), Role.Guest), $$"""{"room":"studio-1","user":"{{User}}","role":"guest"}""" },
        { new RoomsRequest.ReportAnchorJoined(Room, new(User)), $$"""{"room":"studio-1","user":"{{User}}"}""" },
        { new RoomsRequest.ReportAnchorLeft(Room, new(User), "left"), $$"""{"room":"studio-1","user":"{{User}}","reason":"left"}""" },
        {
            new UsersRequest.Join(Room, new(User), Guid.Parse(Connection), Role.Host, "gateway-1", Guid.Parse(User), "Ann"),
            $$"""{"room":"studio-1","user":"{{User}}","connection":"{{Connection}}","role":"host","gateway":"gateway-1","client":"{{User}}","displayName":"Ann"}"""
        },
        { new UsersRequest.Leave(Room, new(User), Guid.Parse(Connection), "left"), $$"""{"room":"studio-1","user":"{{User}}","connection":"{{Connection}}","reason":"left"}""" },
        { new UsersRequest.Status(Room, new(User), Guid.Parse(Connection), MemberStatus.OnAir), $$"""{"room":"studio-1","user":"{{User}}","connection":"{{Connection}}","presence":"onair"}""" },
        { new RoomStatus(3, [new(new(User), Role.Anchor, MemberStatus.Idle)]), $$"""{"version":3,"members":[{"userId":"{{User}}","role":"anchor","status":"idle"}]}""" },
    };

    [Theory, MemberData(nameof(Requests))]
    public void A_message_is_written_like_this_and_read_back(object message, string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(message, message.GetType(), DomainJson.Options));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, message.GetType(), DomainJson.Options), message.GetType(), DomainJson.Options));
    }

    [Fact]
    public void Methods_are_named_after_their_requests()
    {
        Assert.Equal("reportJanusRoom", RoomsRequest.MethodOf<RoomsRequest.ReportJanusRoom>());
        Assert.Equal("status", UsersRequest.MethodOf<UsersRequest.Status>());
    }

    [Fact]
    public void A_broadcast_tells_a_room_who_is_in_it()
    {
        var status = new RoomStatus(17, [new(new(User), Role.Host, MemberStatus.OnAir, "Ann")]);

        var read = StatusBroadcast.Read(new StreamEntry("1-0", [.. StatusBroadcast.Write(Room, status)]));

        Assert.Equal(Room, read!.Value.Room);
        Assert.Equal((17, status.Members[0]), (read.Value.Status.Version, read.Value.Status.Members[0]));
    }

    [Theory]
    [InlineData("x", "1", "[]")]
    [InlineData("studio-1", "one", "[]")]
    [InlineData("studio-1", "1", "{}")]
    [InlineData("studio-1", "1", "[{\"userId\":7}]")]
    [InlineData("studio-1", "1", "")]
    public void An_entry_that_is_no_broadcast_is_passed_over(string room, string version, string members) =>
        Assert.Null(StatusBroadcast.Read(new StreamEntry("1-0", [new("room", room), new("version", version), new("members", members)])));

    [Theory]
    [InlineData("1")]
    [InlineData("\"asleep\"")]
    [InlineData("null")]
    public void A_status_is_one_of_the_two_words(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MemberStatus>(json, DomainJson.Options));
}
