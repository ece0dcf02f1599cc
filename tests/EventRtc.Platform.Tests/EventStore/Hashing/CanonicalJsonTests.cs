using System.Text;
using System.Text.Json;
using EventRtc.EventStore;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore.Hashing;

[Collection(nameof(PostgresCollection))]
public sealed class CanonicalJsonTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("""{ "b" : [ 1 , true , null ] , "a" : { } }""", """{"a":{},"b":[1,true,null]}""")]
    [InlineData("""{"aa":1,"b":2,"a":3,"A":4,"1":5}""", """{"1":5,"A":4,"a":3,"aa":1,"b":2}""")]
    [InlineData("""{"\u20ac":1,"\r":2,"1":3,"\ud83d\ude02":4,"\u00f6":5,"\ufb33":6}""", "{\"\\r\":2,\"1\":3,\"\u00f6\":5,\"\u20ac\":1,\"\ud83d\ude02\":4,\"\ufb33\":6}")] // the sorting example of RFC 8785
    [InlineData("""["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]""", """["€$\u000f\nA'B\"\\\\\"/"]""")] // its example of strings
    [InlineData("""["\u0061\b\t\f\r\u007f"]""", "[\"a\\b\\t\\f\\r\u007f\"]")]
    [InlineData("""[4000000001,-5,0,1.50,100,1e2,1.5e-7,-0.10]""", """[4000000001,-5,0,1.5,100,100,0.00000015,-0.1]""")]
    [InlineData("\"text\"", "\"text\"")]
    public void Equal_values_have_one_spelling(string json, string canonical) => Assert.Equal(canonical, Spelled(json));

    [Fact]
    public async Task PostgreSQL_keeps_the_spelling_whatever_it_prints()
    {
        var random = new Random(7);
        await using var connection = new NpgsqlConnection(postgres.Server.ConnectionString);
        await connection.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            var json = Value(random, depth: 3);
            await using var query = new NpgsqlCommand("select $1::jsonb::text", connection) { Parameters = { new() { Value = json } } };
            var printed = (string)(await query.ExecuteScalarAsync())!;

            Assert.Equal(Spelled(json), Spelled(printed));
        }
    }

    private static string Spelled(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Of(document.RootElement));
    }

    /// <summary>No key twice, and no zero byte: jsonb has neither.</summary>
    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => $"{random.NextInt64(-(1L << 53), 1L << 53)}",
        1 => (random.Next(-100_000, 100_000) / 1000m).ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => random.Next(2) == 0 ? "true" : "null",
        3 or 4 => Text(random),
        5 => $"[{string.Join(" , ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => $"{{{string.Join(",", Enumerable.Range(0, random.Next(5)).Select(_ => Text(random)).DistinctBy(Spelled).Select(name => $"{name}: {Value(random, depth - 1)}"))}}}",
    };

    private static string Text(Random random) => JsonSerializer.Serialize(
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => random.GetItems<string>(["a", "Z", "_", "\"", "\\", "\n", "\u0001", "\u007f", "é", "€", "😂", "\ufb33", " "], 1)[0])));
}
