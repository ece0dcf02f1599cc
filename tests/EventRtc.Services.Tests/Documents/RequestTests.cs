using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Services.Tests.Roles;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>What a document says of a body is what the service takes: what is written there field by field is checked elsewhere by hand, and here the two are held together.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class RequestTests(ControlPlane plane, TokenMode services) : IClassFixture<TokenMode>
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 5, 6, 7, 31, 32, 33, 64];

    public static TheoryData<string, string> Bodies => new()
    {
        { "rooms", "createRoom" }, { "rooms", "markModule" }, { "users", "admitUser" }, { "hls", "issueToken" }, { "projector", "startRebuild" }, { "projector", "skipParked" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_refused_exactly_when_the_document_says_so(string service, string id)
    {
        var document = await services[service].Document();
        var (route, schema) = (document.Find(id), document.Find(id).BodySchema!);
        var promise = document.SchemaOf(schema);
        var fields = schema["properties"]!.AsObject();
        var required = (schema["required"]?.AsArray() ?? []).Select(name => name!.ToString()).ToList();
        var usable = new JsonObject(required.Select(name => KeyValuePair.Create<string, JsonNode?>(name, Candidates(fields[name]!).First(value => Takes(document, fields[name]!, value)))));

        var (taken, refused) = (0, 0);
        foreach (var (name, field) in fields)
            foreach (var value in Candidates(field!).Append(null!))
                await Try(usable, name, value);
        foreach (var name in required)
            await Try(usable, name, null, remove: true);
        Assert.Equal(400, await Send(route, new JsonArray()));
        Assert.True(taken > 1 && refused > 1, $"{taken} taken, {refused} refused");

        async Task Try(JsonObject around, string name, JsonNode? value, bool remove = false)
        {
            var body = around.DeepClone().AsObject();
            body[name] = value?.DeepClone();
            if (remove)
                body.Remove(name);
            var isPromised = ServedDocument.Faults(promise, JsonSerializer.SerializeToElement(body)) is [];
            Assert.Equal((body.ToJsonString(), isPromised), (body.ToJsonString(), await Send(route, body) != 400));
            (taken, refused) = isPromised ? (taken + 1, refused) : (taken, refused + 1);
        }

        async Task<int> Send(Operation operation, JsonNode body)
        {
            var path = operation.Path.Replace("{id}", "nowhere", StringComparison.Ordinal).Replace("{type}", "mixers", StringComparison.Ordinal).Replace("{position}", "999999999", StringComparison.Ordinal);
            using var json = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            return (await services[service].Send(new HttpMethod(operation.Method), path, json, token: plane.StaffToken(EventRtc.Contracts.Tokens.StaffRole.Operator))).Status;
        }
    }

    [Fact]
    public async Task Every_body_of_a_document_is_tried()
    {
        var bodies = new List<string>();
        foreach (var service in (string[])["rooms", "users", "hls", "projector"])
            bodies.AddRange((await services[service].Document()).Operations.Where(route => route.BodySchema is not null).Select(route => route.Id));
        Assert.Equal(Bodies.Select(row => row.Data.Item2).Order(StringComparer.Ordinal), bodies.Order(StringComparer.Ordinal));
    }

    private static bool Takes(ServedDocument document, JsonNode field, JsonNode value) => ServedDocument.Faults(document.SchemaOf(field), JsonSerializer.SerializeToElement(value)) is [];

    /// <summary>Around every edge that a field's schema can have, and of every other kind.</summary>
    private static IEnumerable<JsonNode> Candidates(JsonNode field)
    {
        foreach (var length in Lengths)
            yield return new string('a', length);
        foreach (var text in (string[])["room_1-A", "a b c", "abc12é", "ABC123", "123456", "true", "1", "HOST"])
            yield return text;
        foreach (var word in field["enum"]?.AsArray() ?? [])
            if (word is not null)
                yield return word.DeepClone();
        foreach (var edge in new[] { field["minimum"], field["maximum"] }.OfType<JsonValue>().Select(edge => edge.GetValue<long>()))
            for (var number = edge - 1; number <= edge + 1; number++)
                yield return number;
        yield return 1.5;
        yield return -1;
        yield return 10_000_000_000_000;
        yield return true;
        yield return false;
        yield return new JsonArray();
        yield return new JsonObject();
    }
}
