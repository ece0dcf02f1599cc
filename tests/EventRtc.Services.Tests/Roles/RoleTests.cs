using System.Net.Http.Headers;
using System.Net.Http.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Roles;

/// <summary>Each route of the table called as everybody, over HTTP.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class RoleTests(ControlPlane plane, TokenMode services) : IClassFixture<TokenMode>
{
    private static readonly string[] Refusals = ["token_missing", "token_invalid", "role_insufficient", "wrong_room"];

    public static TheoryData<RoleRow> Rows => [.. RoleTable.Rows];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_route_is_for_those_alone_whom_the_table_names(RoleRow row)
    {
        var scene = await Scene.Set(plane);
        var before = await plane.Steps(scene.Room);
        var strangers = scene.Tokens.Keys.Where(caller => !Allows(row, caller)).ToList();
        foreach (var caller in strangers)
            Assert.Equal((caller, RefusalOf(row, caller)), (caller, await Call(row, scene, caller) is var answer ? (answer.Status, answer.Code) : default));
        Assert.Equal(before, await plane.Steps(scene.Room));

        foreach (var caller in scene.Tokens.Keys.Except(strangers))
        {
            var fresh = row.Method == "GET" ? scene : await Scene.Set(plane);
            Assert.DoesNotContain((await Call(row, fresh, caller)).Code, Refusals);
        }
    }

    [Fact]
    public async Task A_host_admits_anchors_and_guests_and_no_hosts()
    {
        var scene = await Scene.Set(plane);
        async Task<(int, string?)> Admit(string caller, string role) =>
            await services["users"].Send(HttpMethod.Post, $"/api/rooms/{scene.Room}/users", JsonContent.Create(new { role }), token: scene.Tokens[caller]) is var answer ? (answer.Status, answer.Code) : default;

        Assert.Equal((403, "role_insufficient"), await Admit("host", "host"));
        Assert.Equal((200, null), await Admit("host", "guest"));
        Assert.Equal((200, null), await Admit("host", "anchor"));
        Assert.Equal((409, "room_full"), await Admit("operator", "host"));
        Assert.Equal((200, null), await Admit("operator", "guest"));
    }

    [Fact]
    public async Task A_host_of_an_earlier_room_of_the_same_id_or_one_who_was_never_admitted_neither_starts_nor_ends_the_room_nor_admits_or_removes_anybody()
    {
        var id = await plane.Create();
        var earlier = (await plane.Admit(id, "host")).Token;
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.Create(new { roomId = id });
        var never = plane.Tokens.ForMember(new RoomId(id), new UserId(Guid.NewGuid()), Role.Host, TimeProvider.System.GetUtcNow());

        foreach (var token in (string[])[earlier, never])
        {
            Assert.Equal((403, "wrong_room"), Outcome(await services["rooms"].Send(HttpMethod.Post, $"/api/rooms/{id}/start", JsonContent.Create(new { }), token: token)));
            Assert.Equal((403, "wrong_room"), Outcome(await services["rooms"].Send(HttpMethod.Delete, $"/api/rooms/{id}", token: token)));
            Assert.Equal((403, "wrong_room"), Outcome(await services["users"].Send(HttpMethod.Post, $"/api/rooms/{id}/users", JsonContent.Create(new { role = "guest" }), token: token)));
            Assert.Equal((403, "wrong_room"), Outcome(await services["users"].Send(HttpMethod.Delete, $"/api/rooms/{id}/users/{Guid.NewGuid()}", token: token)));
        }
        Assert.Equal(["room_created"], (await plane.Steps(id)).Skip(4));
        Assert.Equal(200, (await plane.Users.Send(HttpMethod.Post, $"/api/rooms/{id}/users", token: earlier)).Status); // there, everybody may
    }

    [Fact]
    public async Task A_host_s_repeated_removal_is_answered_as_the_first_time_also_when_the_room_is_gone()
    {
        var (id, key) = (await plane.Create(), Guid.NewGuid().ToString());
        var host = (await plane.Admit(id, "host")).Token;

        foreach (var _ in (int[])[1, 2])
            Assert.Equal(200, (await services["rooms"].Send(HttpMethod.Delete, $"/api/rooms/{id}", key: key, token: host)).Status);
        Assert.Equal((404, "room_not_found"), Outcome(await services["rooms"].Send(HttpMethod.Delete, $"/api/rooms/{id}", token: host)));
    }

    [Fact]
    public async Task Records_name_who_gave_the_command()
    {
        var (id, ann) = (ControlPlane.NewRoom(), plane.StaffToken(StaffRole.Operator));
        await services["rooms"].Send(HttpMethod.Post, "/api/rooms", JsonContent.Create(new { roomId = id }), token: ann);
        var admitted = await services["users"].Send(HttpMethod.Post, $"/api/rooms/{id}/users", JsonContent.Create(new { role = "host" }), token: ann);
        var (host, token) = (admitted.Body.Text("userID"), admitted.Body.Text("token"));
        await services["users"].Send(HttpMethod.Post, $"/api/rooms/{id}/users", token: token);
        await plane.Rooms.Send(HttpMethod.Post, $"/api/rooms/{id}/start", JsonContent.Create(new { }));
        await services["rooms"].Send(HttpMethod.Delete, $"/api/rooms/{id}", token: token);

        Assert.Equal(
            ["room_created operator:ann", "anchor_admitted operator:ann", $"anchor_admitted host:{host}", "live_started anonymous", $"removal_requested host:{host}"],
            (await plane.History(id)).Select(happened => $"{happened.Text("type")} {happened.Text("actor")}"));
    }

    [Fact]
    public async Task Each_fault_of_a_token_has_its_code_and_says_whether_to_try_again()
    {
        var (key, now) = (new JwtKey(plane.Deployment.Secrets.Jwt), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        string Token(long from, long until) => Jwt.Sign(new { role = "operator", name = "ann", iat = now, nbf = from, exp = until }, key);

        Assert.Equal((401, "token_missing", false), await Create(null));
        Assert.Equal((401, "token_invalid", false), await Create("nonsense"));
        Assert.Equal((401, "token_invalid", false), await Create(new StaffTokens(new JwtOptions { Secret = new string('x', 32) }, TimeProvider.System).For(StaffRole.Operator, "eve", TimeSpan.FromHours(1))));
        Assert.Equal((401, "token_expired", false), await Create(Token(now - 7200, now - 3600)));
        Assert.Equal((401, "token_too_early", true), await Create(Token(now + 3600, now + 7200)));
        Assert.Equal((403, "role_insufficient", false), await Create(plane.StaffToken(StaffRole.Auditor)));

        async Task<(int, string?, bool)> Create(string? token) =>
            await services["rooms"].Send(HttpMethod.Post, "/api/rooms", new StringContent("{ not even JSON", new MediaTypeHeaderValue("application/json")), token: token) is var answer ? (answer.Status, answer.Code, answer.Retryable) : default;
    }

    [Fact]
    public async Task Where_everybody_may_do_everything_a_bad_token_is_as_none_and_a_good_one_still_tells_who_it_is()
    {
        var id = await plane.Create();
        await plane.Rooms.Send(HttpMethod.Post, $"/api/rooms/{id}/start", JsonContent.Create(new { }), token: "nonsense");
        await plane.Rooms.Send(HttpMethod.Delete, $"/api/rooms/{id}", token: plane.StaffToken(StaffRole.Auditor, "bob"));

        Assert.Equal(["anonymous", "anonymous", "auditor:bob"], (await plane.History(id)).Select(happened => happened.Text("actor")));
    }

    private Task<Answer> Call(RoleRow row, Scene scene, string caller)
    {
        var body = row.Method == "POST" ? JsonContent.Create(row.Path == "/api/token" ? (object)new { roomId = scene.Room } : new { }) : null;
        return services[row.Service].Send(new HttpMethod(row.Method), scene.Fill(row.Path), body, token: scene.Tokens[caller]);
    }

    private static bool Allows(RoleRow row, string caller) =>
        row.Who.Contains("everybody") || row.Who.Contains(caller) || (caller == "anchor" && row.Who.Contains("self"));

    private static (int, string?) RefusalOf(RoleRow row, string caller) => (row.Service, caller) switch
    {
        (_, "nobody") => (401, "token_missing"),
        ("hls", "auditor" or "operator") => (403, "token_invalid"), // staff tokens open no room
        (_, "host elsewhere") when row.Who.Contains("host") => (403, "wrong_room"),
        _ => (403, "role_insufficient"),
    };

    private static (int, string?) Outcome(Answer answer) => (answer.Status, answer.Code);
}
