using System.Net.Http.Json;
using System.Text;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>Calls each route of a document in all the ways in which routes are refused alike. What is answered is held against the document by <see cref="Api"/>.</summary>
/// <param name="tokens">By role, for the room <paramref name="room"/>.</param>
internal sealed class Knocking(Api service, string room, IReadOnlyDictionary<string, string?> tokens)
{
    private const int TooLarge = 70_000;
    private static readonly string[] Callers = ["auditor", "guest", "operator"];

    public async Task AtEveryDoor()
    {
        foreach (var route in (await service.Document()).Operations.Where(route => !route.Path.StartsWith("/health", StringComparison.Ordinal)))
        {
            await AsAStranger(route);
            await WithABadBody(route);
            await WithABadQuery(route);
            await AboutNothing(route);
        }
    }

    private async Task AsAStranger(Operation route)
    {
        if (route.Who.Contains("everybody"))
            return;
        Assert.Equal((route.Id, 401), (route.Id, (await Call(route)).Status));
        Assert.Equal((route.Id, 403), (route.Id, (await Call(route, Callers.First(caller => !route.Who.Contains(caller)))).Status));
    }

    private async Task WithABadBody(Operation route)
    {
        if (route.Statuses.Contains(413))
            Assert.Equal((route.Id, 413), (route.Id, (await Call(route, MayCall(route), new StringContent(new string(' ', TooLarge), Encoding.UTF8, "application/json"))).Status));
        if (route.BodySchema is null)
            return;
        Assert.Equal((route.Id, 415), (route.Id, (await Call(route, MayCall(route), new StringContent("{}", Encoding.UTF8, "text/plain"))).Status));
        Assert.Equal((route.Id, 400), (route.Id, (await Call(route, MayCall(route), new StringContent("{", Encoding.UTF8, "application/json"))).Status));
    }

    /// <summary>Every whole number has a least one that is taken.</summary>
    private async Task WithABadQuery(Operation route)
    {
        foreach (var number in route.Parameters.Where(parameter => parameter["in"]!.ToString() == "query" && parameter["schema"]!["minimum"] is not null))
            foreach (var bad in (string[])[$"{number["schema"]!["minimum"]!.GetValue<long>() - 1}", "x", "1.5"])
                Assert.Equal((route.Id, 400), (route.Id, (await Call(route, MayCall(route), query: $"?{number["name"]}={bad}")).Status));
    }

    /// <summary>What is too short for an id is none of anything.</summary>
    private async Task AboutNothing(Operation route)
    {
        if (route.Path.Contains("{id}", StringComparison.Ordinal) && !route.Path.Contains("{type}", StringComparison.Ordinal) && route.Statuses.Contains(404))
            Assert.Equal((route.Id, 404), (route.Id, (await Call(route, MayCall(route), route.BodySchema is null ? null : JsonContent.Create(new { }), Needed(route), "x")).Status));
    }

    /// <summary>The least of each number that the query must have.</summary>
    private static string Needed(Operation route) => "?" + string.Join('&', route.Parameters
        .Where(parameter => parameter["in"]!.ToString() == "query" && parameter["required"]?.GetValue<bool>() is true).Select(parameter => $"{parameter["name"]}={parameter["schema"]!["minimum"]}"));

    private static string? MayCall(Operation route) => route.Who.Contains("operator") ? "operator" : route.Who.Contains("guest") ? "guest" : null;

    private Task<Answer> Call(Operation route, string? caller = null, HttpContent? body = null, string query = "", string? id = null) => service.Send(
        new HttpMethod(route.Method), Fill(route.Path, id ?? room) + query, body, token: caller is null ? null : tokens[caller]);

    private static string Fill(string path, string id) => path
        .Replace("{id}", id, StringComparison.Ordinal)
        .Replace("{userId}", $"{Guid.NewGuid()}", StringComparison.Ordinal)
        .Replace("{type}", "januses", StringComparison.Ordinal)
        .Replace("{position}", "999999999", StringComparison.Ordinal)
        .Replace("{file}", "seg7.ts", StringComparison.Ordinal);
}
