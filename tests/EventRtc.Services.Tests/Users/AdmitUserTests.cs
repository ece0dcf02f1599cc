using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Users;

[Collection(ControlPlaneCollection.Name)]
public sealed class AdmitUserTests(ControlPlane plane)
{
    [Theory]
    [InlineData("{}", Role.Anchor)]
    [InlineData("""{"role":null}""", Role.Anchor)]
    [InlineData("""{"role":"anchor"}""", Role.Anchor)]
    [InlineData("""{"role":"host"}""", Role.Host)]
    [InlineData("""{"role":"guest"}""", Role.Guest)]
    public async Task A_user_gets_an_id_and_a_token_for_this_room(string body, Role role)
    {
        var id = await plane.Create();

        var answer = await plane.Users.PostText($"/api/rooms/{id}/users", body);

        Assert.Equal(200, answer.Status);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", answer.Body.Text("userID"));
        var claims = plane.Tokens.Read(answer.Body.Text("token"))!;
        Assert.Equal((id, answer.Body.Text("userID"), role), (claims.Room.Value, claims.User!.Value.Value, claims.Role));
        Assert.Equal(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), claims.Iat, 30.0);
        Assert.Equal(3600, claims.Exp - claims.Iat);
        var admitted = (await plane.History(id))[^1];
        Assert.Equal(("anchor_admitted", answer.Body.Text("userID"), DomainJson.Text(role)), (admitted.Text("type"), admitted.GetProperty("data").Text("user"), admitted.GetProperty("data").Text("role")));
    }

    [Fact]
    public async Task The_token_names_its_algorithm_and_its_claims_as_the_contract_does()
    {
        var (user, token) = await plane.Admit(await plane.Create(), "host");

        Assert.Matches("""^{"alg":"HS256","typ":"JWT","kid":"[A-Za-z0-9_-]{11}"}$""", Part(token, 0));
        Assert.Matches($$"""^{"roomID":"[^"]+","iat":\d+,"exp":\d+,"userID":"{{user}}","role":"host"}$""", Part(token, 1));
    }

    [Fact]
    public async Task A_call_without_a_body_admits_an_anchor() => Assert.Equal(200, (await plane.Users.Send(HttpMethod.Post, $"/api/rooms/{await plane.Create()}/users")).Status);

    [Theory]
    [InlineData("""{"role":"operator"}""", "role: must be host, anchor or guest")]
    [InlineData("""{"role":"Host"}""", "role: must be host, anchor or guest")]
    [InlineData("""{"role":""}""", "role: must be host, anchor or guest")]
    [InlineData("""{"role":0}""", "role: must be host, anchor or guest")]
    [InlineData("""{"role":["host"]}""", "role: must be host, anchor or guest")]
    [InlineData("[]", "body: must be a JSON object")]
    [InlineData("\"host\"", "body: must be a JSON object")]
    [InlineData("{role", "body: not valid JSON of the expected shape")]
    public async Task Another_role_or_body_is_refused(string body, string fault)
    {
        var id = await plane.Create();

        var answer = await plane.Users.PostText($"/api/rooms/{id}/users", body);

        Assert.Equal((400, "validation_failed", fault), (answer.Status, answer.Code, Assert.Single(answer.Details)));
        Assert.Equal(["room_created"], await plane.Steps(id));
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused() =>
        Assert.Equal(413, (await plane.Users.PostText($"/api/rooms/{await plane.Create()}/users", $$"""{"role":"{{new string('x', 70_000)}}"}""")).Status);

    [Fact]
    public async Task Nobody_is_admitted_to_a_room_that_does_not_exist()
    {
        foreach (var id in (string[])[ControlPlane.NewRoom(), "x"])
        {
            var answer = await plane.Users.Post($"/api/rooms/{id}/users", new { });
            Assert.Equal((404, "room_not_found", false), (answer.Status, answer.Code, answer.Retryable));
        }
    }

    [Fact]
    public async Task Nobody_is_admitted_to_a_room_that_is_being_removed()
    {
        var id = await plane.CreateForwarding();
        await plane.Rooms.Delete($"/api/rooms/{id}");

        var answer = await plane.Users.Post($"/api/rooms/{id}/users", new { });
        Assert.Equal((409, "room_removing"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_full_room_takes_guests_only_until_a_place_is_given_back()
    {
        var id = await plane.Create(new { maxAnchors = 2 });
        var (host, _) = await plane.Admit(id, "host");
        await plane.Admit(id);

        foreach (var role in (string[])["anchor", "host"])
        {
            var answer = await plane.Users.Post($"/api/rooms/{id}/users", new { role });
            Assert.Equal((409, "room_full", false), (answer.Status, answer.Code, answer.Retryable));
        }
        await plane.Admit(id, "guest");
        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{host}")).Status);
        await plane.Admit(id);
    }

    [Fact]
    public async Task A_repeated_call_is_the_same_admission_also_after_the_room_went_on()
    {
        var (id, key) = (await plane.Create(new { start = true, maxAnchors = 1 }), Guid.NewGuid().ToString());
        var first = await plane.Users.Post($"/api/rooms/{id}/users", new { role = "host" }, key);
        var user = new UserId(first.Body.Text("userID"));
        await plane.Presence.Join(new(new(id), user, Role.Host, 1), CancellationToken.None);
        var joined = await plane.Users.Post($"/api/rooms/{id}/users", new { role = "host" }, key);
        await plane.Users.Delete($"/api/rooms/{id}/users/{user}");
        await plane.Admit(id);
        var full = await plane.Users.Post($"/api/rooms/{id}/users", new { role = "host" }, key);
        var otherRole = await plane.Users.Post($"/api/rooms/{id}/users", new { role = "guest" }, key);

        Assert.All([joined, full, otherRole], again => Assert.Equal((200, first.Body.GetRawText()), (again.Status, again.Body.GetRawText())));
        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left", "anchor_admitted"], (await plane.Steps(id)).Skip(2));
    }

    [Fact]
    public async Task Without_a_key_each_call_is_another_user()
    {
        var id = await plane.Create();
        Assert.NotEqual((await plane.Admit(id)).User, (await plane.Admit(id)).User);
    }

    private static string Part(string token, int part) => System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[part]));
}
