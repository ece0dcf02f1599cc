using System.Text.Json;
using EventRtc.Hosting;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting;

public sealed class FieldsTests
{
    [Fact]
    public void A_field_is_read_by_its_rule()
    {
        var fields = Of("""{"size":4,"name":"abc"}""");

        Assert.Equal(4, Size(fields));
        Assert.Equal("abc", Name(fields));
        Assert.Empty(fields.Faults);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"size":null,"name":null}""")]
    [InlineData("""{"Size":1,"other":2}""")]
    public void What_is_not_there_is_absent(string body)
    {
        var fields = Of(body);

        Assert.Equal((7, "nobody"), (Size(fields), Name(fields)));
        Assert.Empty(fields.Faults);
    }

    [Fact]
    public void Without_a_body_everything_is_absent() =>
        Assert.All((Fields[])[new(null), new(default(JsonElement))], fields => Assert.Equal((7, 0), (Size(fields), fields.Faults.Count)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":7}""")]
    public void What_must_be_there_and_is_not_is_a_fault(string body)
    {
        var fields = Of(body);

        Assert.Equal("any", Required(fields));
        Assert.Equal(["name: must be a name"], fields.Faults);
    }

    [Fact]
    public void What_must_be_there_is_missed_without_a_body_and_not_in_one_that_is_at_fault_itself()
    {
        var (absent, faulty, whole) = (new Fields(null), Of("[]"), Of("""{"name":"abc"}"""));

        Assert.Equal(("any", "any", "abc"), (Required(absent), Required(faulty), Required(whole)));
        Assert.Equal((1, 1, 0), (absent.Faults.Count, faulty.Faults.Count, whole.Faults.Count));
    }

    [Theory]
    [InlineData("10", "\"\"")]
    [InlineData("\"4\"", "4")]
    [InlineData("4.5", "[]")]
    [InlineData("true", "{}")]
    [InlineData("{}", "\"\\ud800\"")]
    public void Every_fault_is_gathered_in_the_order_of_reading(string size, string name)
    {
        var fields = Of($$"""{"name":{{name}},"size":{{size}}}""");
        Size(fields);
        Name(fields);

        Assert.Equal(["size: must be below 10", "name: must be a name"], fields.Faults);
    }

    [Theory]
    [InlineData("""{"\ud800ize":4}""")]
    [InlineData("""{"\ud800":1,"size":4}""")]
    public void A_name_with_half_a_surrogate_pair_is_one_fault(string body)
    {
        var fields = Of(body);

        Assert.Equal((7, "nobody"), (Size(fields), Name(fields)));
        Assert.Equal(["body: must be a JSON object"], fields.Faults);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"{}\"")]
    [InlineData("true")]
    public void A_body_that_is_no_object_is_one_fault(string body)
    {
        var fields = Of(body);

        Assert.Equal((7, "nobody"), (Size(fields), Name(fields)));
        Assert.Equal(["body: must be a JSON object"], fields.Faults);
    }

    private static Fields Of(string json) => new(JsonElement.Parse(json));

    private static int Size(Fields fields) => fields.Read("size", "below 10", 7, json => json.TryGetInt32(out var size) && size < 10 ? size : null);

    private static string Required(Fields fields) => fields.Require("name", "a name", "any", json => json.GetString() is { Length: > 0 } name ? name : null);

    private static string Name(Fields fields) => fields.Read("name", "a name", "nobody", json => json.GetString() is { Length: > 0 } name ? name : null);
}
