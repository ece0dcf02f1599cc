using EventRtc.Services.Tests.Roles;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <param name="Success">Of a call that is carried out.</param>
/// <param name="Refusals">Statuses with the codes that the contract names.</param>
/// <param name="Fields">Of the answer.</param>
/// <param name="Body">Fields that the call takes; those with a question mark may be left out.</param>
/// <param name="Query">Likewise.</param>
public sealed record ContractRow(string Service, string Method, string Path, int Success, string Refusals = "", string Fields = "", string Body = "", string Query = "")
{
    public override string ToString() => $"{Service}: {Method} {Path}";
}

/// <summary>The routes that users were promised, each in the document of its service. What is promised is written down here: a change of this table is a change for users.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ContractTests(TokenMode services) : IClassFixture<TokenMode>
{
    private static readonly string[] Services = ["rooms", "users", "hls", "projector"];
    private static readonly string[] Pages = ["/health", "/health/live", "/health/ready"];

    private const string Room = "success room.roomId room.maxAnchors room.status room.hlsUrl room.createdAt";

    public static TheoryData<ContractRow> Rows =>
    [
        new ContractRow("rooms", "POST", "/api/rooms", 201, "400:validation_failed 409:room_exists", $"{Room} room.pin", Body: "maxAnchors? pin? roomId? start?"),
        new ContractRow("rooms", "POST", "/api/rooms/{id}/start", 200, "404:room_not_found 409:room_removing 503:no_capacity", Room),
        new ContractRow("rooms", "GET", "/api/rooms/{id}", 200, "404:room_not_found", $"{Room} room.pin room.janusId room.mixerId room.rtpPort room.forwarding"),
        new ContractRow("rooms", "GET", "/api/rooms", 200, "", "success count rooms[].roomId rooms[].status next", Query: "after? limit?"),
        new ContractRow("rooms", "DELETE", "/api/rooms/{id}", 200, "404:room_not_found", "success message"),
        new ContractRow("rooms", "GET", "/api/rooms/{id}/history", 200, "401:token_missing 403:role_insufficient 404:room_not_found",
            "events[].position events[].version events[].type events[].at events[].actor events[].commandId events[].correlationId events[].data", Query: "from? to? version?"),
        new ContractRow("rooms", "GET", "/api/rooms/{id}/state", 200, "401:token_missing 403:role_insufficient 404:room_not_found", "version at state", Query: "at? version?"),
        new ContractRow("rooms", "GET", "/api/rooms/{id}/diff", 200, "404:room_not_found", "changes[].field changes[].old changes[].new events[].type", Query: "from to"),
        new ContractRow("rooms", "PUT", "/api/modules/{type}/{id}/mark", 200, "400:validation_failed", "success module.type module.id module.label module.ttl", Body: "label ttl?"),
        new ContractRow("rooms", "DELETE", "/api/modules/{type}/{id}/mark", 200, "400:validation_failed", "success"),
        new ContractRow("rooms", "GET", "/api/modules", 200, "", "modules[].heartbeat.status modules[].label modules[].streams modules[].capacity"),
        new ContractRow("rooms", "GET", "/api/stats", 200, "", "success stats.totalRooms stats.activeRooms stats.participants"),
        new ContractRow("rooms", "GET", "/api/audit/export", 200, "503:no_audit_key", Query: "room?"),
        new ContractRow("rooms", "GET", "/api/audit/head", 200, "503:no_audit_key", "head.count head.lastPosition head.digest key signature"),
        new ContractRow("users", "POST", "/api/rooms/{id}/users", 200, "404:room_not_found 409:room_full", "userID token", Body: "role?"),
        new ContractRow("users", "DELETE", "/api/rooms/{id}/users/{userId}", 200, "404:room_not_found"),
        new ContractRow("hls", "POST", "/api/token", 200, "404:room_not_found", "token", Body: "roomId"),
        new ContractRow("hls", "GET", "/hls/rooms/{id}/enc.key", 200, "401:token_missing 403:token_invalid 403:wrong_room 403:room_not_on_air", Query: "n?"),
        new ContractRow("hls", "GET", "/hls/rooms/{id}/{file}", 200, "404:room_not_found"),
        new ContractRow("projector", "POST", "/api/rebuild", 202, "409:rebuild_running", "rebuild.state", Body: "dryRun? room?"),
        new ContractRow("projector", "GET", "/api/rebuild", 200, "", "rebuild.report.created rebuild.progress.events"),
        new ContractRow("projector", "GET", "/api/verify", 200, "409:verify_running", "report.ok report.counts report.findings[].kind"),
        new ContractRow("projector", "GET", "/api/parked", 200, "", "parked[].position parked[].reason"),
        new ContractRow("projector", "POST", "/api/parked/{position}/retry", 200, "404:not_parked", "event.position waiting.position"),
        new ContractRow("projector", "POST", "/api/parked/{position}/skip", 200, "404:not_parked", "event.skippedBy", Body: "by?"),
        .. from service in Services from page in Pages select new ContractRow(service, "GET", page, 200),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_promised_route_is_in_the_document_with_what_it_takes_and_its_answers(ContractRow row)
    {
        var route = Assert.Single((await services[row.Service].Document()).Operations, operation => (operation.Method, operation.Path) == (row.Method, row.Path));

        Assert.Equal((row.Body, row.Query), (route.BodyFields, route.Query));
        Assert.Contains(row.Success, route.Statuses);
        foreach (var refusal in row.Refusals.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains(refusal[4..], route.Codes(int.Parse(refusal[..3])));
        foreach (var field in row.Fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(route.Declares(row.Success, field), field);
    }

    [Theory]
    [InlineData("rooms")]
    [InlineData("users")]
    public async Task Every_command_can_be_repeated_under_a_key(string service) => Assert.All(
        (await services[service].Document()).Operations.Where(operation => operation.Method is "POST" or "PUT" or "DELETE"),
        operation => Assert.Contains(operation.Parameters, parameter => (parameter["in"]!.ToString(), parameter["name"]!.ToString()) == ("header", "Idempotency-Key")));

    /// <summary>As the table of who may do what has them, which in turn is that of the mapped routes.</summary>
    [Theory]
    [InlineData("rooms")]
    [InlineData("users")]
    [InlineData("hls")]
    [InlineData("projector")]
    public async Task A_document_has_every_route_of_its_service_with_those_who_may_call_it(string service) => Assert.Equal(
        RoleTable.Of(service).Select(row => $"{row.Method} {row.Path}: {string.Join(", ", row.Who.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal),
        (await services[service].Document()).Operations.Where(operation => !operation.Path.StartsWith("/health", StringComparison.Ordinal))
            .Select(operation => $"{operation}: {string.Join(", ", operation.Who.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
}
