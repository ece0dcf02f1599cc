using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

public sealed class EventIdTests
{
    private static readonly Guid Command = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    [Theory]  // computed with Python's uuid.uuid5
    [InlineData(0, "6af613b6-569c-5c22-9c37-2ed93f31d3af")]
    [InlineData(17, "db680066-c83d-5ed7-89a4-1d79466ea62d")]
    public void An_event_id_is_the_UUIDv5_of_its_index_in_the_command_ids_namespace(int index, string expected) =>
        Assert.Equal(new Guid(expected), EventId.For(Command, index));
}
