using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>What holds for the document of every service.</summary>
internal static class WholeDocument
{
    private static readonly string[] Health = ["GET /health", "GET /health/live", "GET /health/ready"];

    public static void MustBeWhole(this ServedDocument document, string service)
    {
        var (_, found) = OpenApiDocument.Parse(document.Text, "json");
        Assert.Empty(found!.Errors);
        Assert.Empty(found.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, found.SpecificationVersion);
        Assert.Equal($"EventRtc {service}", document.Root["info"]!["title"]!.ToString());
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+$", document.Root["info"]!["version"]!.ToString());
        Assert.False(document.Root.ContainsKey("servers"));

        Assert.All(document.Root["components"]?["schemas"]?.AsObject() ?? [], record => Assert.Contains($"\"#/components/schemas/{record.Key}\"", document.Text, StringComparison.Ordinal));

        Assert.Superset(Health.ToHashSet(), document.Operations.Select(operation => operation.ToString()).ToHashSet());
        Assert.Equal(document.Operations.Count, document.Operations.Select(operation => operation.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(document.Operations, operation => MustBeWhole(operation, service));
    }

    private static void MustBeWhole(Operation operation, string service)
    {
        Assert.Matches("^[a-z][A-Za-z]+$", operation.Id);
        Assert.Matches("^[A-Z].*\\.$", operation.Summary);
        Assert.Equal([service], operation.Tags);
        Assert.Contains(operation.Statuses, status => status < 300);
        Assert.All(operation.Responses, response => Assert.NotEqual("", response.Value!["description"]!.ToString()));
        if (!Health.Contains(operation.ToString()))
            Assert.All(operation.Statuses.Where(status => status >= 400), status => Assert.NotEmpty(operation.Codes(status)));
        Assert.Equal(operation.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')), operation.Parameters.Where(parameter => parameter["in"]!.ToString() == "path").Select(parameter => parameter["name"]!.ToString()));
        Assert.All(operation.Parameters, parameter => Assert.NotNull(parameter["description"]));
        Assert.Equal(!operation.Who.Contains("everybody"), operation.Statuses.Contains(401) && operation.Statuses.Contains(403));
    }
}
