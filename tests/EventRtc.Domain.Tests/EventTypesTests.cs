using System.Text;
using System.Text.Json;

namespace EventRtc.Domain.Tests;

public sealed class EventTypesTests
{
    [Fact]
    public void Every_nested_record_has_its_stored_name()
    {
        var types = EventTypes.Of<Weather>();
        Assert.Equal(["it_rained", "sun_shone"], types.Names.Order());
        Assert.Equal("it_rained", types.NameOf(new Weather.ItRained(3)));
        Assert.Equal(typeof(Weather.SunShone), types.Find("sun_shone"));
    }

    [Fact]
    public void A_body_is_read_by_its_stored_name()
    {
        var types = EventTypes.Of<Weather>();
        Assert.Equal("""{"millimetres":3}""", Encoding.UTF8.GetString(EventTypes.Encode(new Weather.ItRained(3))));
        Assert.Equal(new Weather.ItRained(3), types.Decode("it_rained", """{"millimetres":3,"since":"added later"}"""u8));
    }

    [Fact]
    public void An_unknown_name_is_not_guessed()
    {
        var types = EventTypes.Of<Weather>();
        Assert.Null(types.Find("it_snowed"));
        Assert.Throws<NotSupportedException>(() => types.Decode("it_snowed", "{}"u8));
        Assert.Throws<NotSupportedException>(() => types.NameOf("it_rained"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"millimetres":"3"}""")]
    [InlineData("""{"millimetres":null}""")]
    public void A_body_that_misses_a_fact_is_refused(string json) =>
        Assert.Throws<JsonException>(() => EventTypes.Of<Weather>().Decode("it_rained", Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void An_event_without_a_name_is_a_mistake_in_the_program() => Assert.Throws<InvalidOperationException>(EventTypes.Of<Nameless>);

    [Fact]
    public void Two_events_of_one_name_are_a_mistake_in_the_program() => Assert.Throws<ArgumentException>(EventTypes.Of<Ambiguous>);

    [Fact]
    public void The_options_are_frozen() => Assert.True(DomainJson.Options.IsReadOnly);

    public abstract record Weather
    {
        [Event("it_rained")] public sealed record ItRained(int Millimetres) : Weather;

        [Event("sun_shone")] public sealed record SunShone : Weather;
    }

    public abstract record Nameless
    {
        public sealed record Something : Nameless;
    }

    public abstract record Ambiguous
    {
        [Event("same")] public sealed record One : Ambiguous;

        [Event("same")] public sealed record Other : Ambiguous;
    }
}
