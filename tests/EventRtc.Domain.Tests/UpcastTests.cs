using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventRtc.Domain.Tests;

/// <summary>No event of ours has a former shape yet: a family of weather has two.</summary>
public sealed class UpcastTests
{
    private static readonly EventTypes Types = EventTypes.Of<Rain>();

    [Theory]
    [InlineData("it_rained_at", """{"micrometres":3000,"place":"Ulm"}""")]
    [InlineData("it_rained_finely", """{"micrometres":3000}""")]
    [InlineData("it_rained", """{"millimetres":3}""")]
    public void An_old_shape_is_read_as_todays_record(string name, string json)
    {
        var rain = Assert.IsType<Rain.ItRainedAt>(Types.Decode(name, Encoding.UTF8.GetBytes(json)));
        Assert.Equal(3000, rain.Micrometres);
        Assert.Equal(name == "it_rained_at" ? "Ulm" : "somewhere", rain.Place);
    }

    [Fact]
    public void Only_todays_name_is_written()
    {
        Assert.Equal("it_rained_at", Types.NameOf(new Rain.ItRainedAt(3000, "Ulm")));
        Assert.Equal(["it_rained_at"], Types.Names);
        Assert.Equal(["it_rained", "it_rained_finely"], Types.FormerNames.Order());
        Assert.Equal(typeof(Rain.ItRainedAt), Types.Find("it_rained"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"millimetres":"three"}""")]
    public void An_old_body_that_misses_a_fact_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Types.Decode("it_rained", Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_name_of_no_shape_stays_unknown()
    {
        Assert.Null(Types.Find("it_snowed"));
        Assert.Throws<NotSupportedException>(() => Types.Decode("it_snowed", "{}"u8));
    }

    [Fact]
    public void A_way_that_leads_nowhere_is_a_mistake_in_the_program() => Assert.Throws<InvalidOperationException>(EventTypes.Of<DeadEnd>);

    [Fact]
    public void A_way_in_a_circle_is_a_mistake_in_the_program() => Assert.Throws<InvalidOperationException>(EventTypes.Of<Circle>);

    [Fact]
    public void A_name_that_is_still_written_keeps_its_meaning() => Assert.Throws<InvalidOperationException>(EventTypes.Of<Changed>);

    public abstract record Rain
    {
        [Event("it_rained_at")] public sealed record ItRainedAt(int Micrometres, string Place) : Rain;

        [Upcast("it_rained", "it_rained_finely")]
        private static JsonObject InMicrometres(JsonObject rain) => new() { ["micrometres"] = rain["millimetres"]!.GetValue<int>() * 1000 };

        [Upcast("it_rained_finely", "it_rained_at")]
        private static JsonObject Somewhere(JsonObject rain)
        {
            rain["place"] = "somewhere";
            return rain;
        }
    }

    public abstract record DeadEnd
    {
        [Upcast("old", "older")]
        private static JsonObject Same(JsonObject body) => body;
    }

    public abstract record Circle
    {
        [Event("now")] public sealed record Now : Circle;

        [Upcast("one", "other")]
        private static JsonObject There(JsonObject body) => body;

        [Upcast("other", "one")]
        private static JsonObject Back(JsonObject body) => body;
    }

    public abstract record Changed
    {
        [Event("now")] public sealed record Now : Changed;

        [Event("then")] public sealed record Then : Changed;

        [Upcast("now", "then")]
        private static JsonObject Same(JsonObject body) => body;
    }
}
