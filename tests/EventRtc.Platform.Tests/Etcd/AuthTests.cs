using System.Net.Http.Json;
using EventRtc.Etcd;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class AuthTests(AuthTests.GuardedEtcd guarded) : IClassFixture<AuthTests.GuardedEtcd>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Without_a_login_every_call_is_refused()
    {
        await using var client = EtcdFixture.Connect(guarded.Server.Address);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<EtcdException>(() => client.Get("/a"))).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_named_so()
    {
        await using var client = guarded.Connect("root", "wrong");
        var refused = await Assert.ThrowsAsync<EtcdException>(() => client.Put("/a", "1".Bytes()));
        Assert.False(refused.MayHaveExecuted);
        Assert.Contains("invalid user ID or password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_and_watches_are_made_as_the_user()
    {
        await using var client = guarded.Connect("root", "secret");
        await using var watch = new Watching(client, "/rooms/");
        await watch.Next();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.Put($"/rooms/{i}", "1".Bytes())));
        Assert.Equal(20, (await watch.Events(20)).Count);
    }

    [Fact]
    public async Task What_the_user_may_not_do_is_refused()
    {
        await using var client = guarded.Connect("reader", "secret");
        Assert.Null(await client.Get("/rooms/none"));
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => client.Put("/rooms/a", "1".Bytes()))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(async () => await client.Watch("/mixers/").GetAsyncEnumerator().MoveNextAsync())).StatusCode);
    }

    [Fact]
    public async Task A_token_that_the_server_forgot_is_renewed_unseen()
    {
        await using var etcd = new GuardedEtcd();
        await etcd.InitializeAsync();
        await using var calling = etcd.Connect("root", "secret");
        await using var watching = etcd.Connect("root", "secret");
        await calling.Put("/a", "1".Bytes());
        await watching.Put("/b", "1".Bytes());

        await etcd.Server.Restart();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => calling.Put($"/{i}", "1".Bytes())));
        await using var watch = new Watching(watching, "/");
        await watch.Next();
    }

    [Fact]
    public async Task A_change_of_roles_meanwhile_goes_unseen()
    {
        await using var client = guarded.Connect("root", "secret");
        await client.Put("/a", "1".Bytes());
        await guarded.Call("auth/role/add", new { name = $"{Guid.NewGuid():N}" }, asRoot: true);
        await client.Put("/a", "2".Bytes());
        await using var watch = new Watching(client, "/");
        await watch.Next();
    }

    [Fact]
    public void Options_do_not_show_the_password_when_printed() =>
        Assert.DoesNotContain("secret", new EtcdOptions { Username = "root", Password = "secret" }.ToString(), StringComparison.Ordinal);

    /// <summary>An etcd with authentication: root may do all, reader may read /rooms/.</summary>
    public sealed class GuardedEtcd : IAsyncLifetime
    {
        private readonly TestFolder folder = new();
        private readonly HttpClient http = new();

        public EtcdServer Server { get; private set; } = null!;

        public EtcdClient Connect(string user, string password) => EtcdFixture.Connect(new EtcdOptions { Endpoints = [Server.Address], Username = user, Password = password });

        public async ValueTask InitializeAsync()
        {
            Server = await EtcdServer.Start(folder.Path);
            await Call("auth/role/add", new { name = "root" });
            await Call("auth/role/add", new { name = "reader" });
            await Call("auth/role/grant", new { name = "reader", perm = new { permType = "READ", key = "/rooms/"u8.ToArray(), range_end = "/rooms0"u8.ToArray() } });
            foreach (var user in new[] { "root", "reader" })
            {
                await Call("auth/user/add", new { name = user, password = "secret" });
                await Call("auth/user/grant", new { user, role = user });
            }
            await Call("auth/enable", new { });
        }

        /// <summary>The operators' calls, which are no part of the client, by etcd's JSON gateway.</summary>
        public async Task<Dictionary<string, object>> Call(string path, object body, bool asRoot = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Server.Address}/v3/{path}") { Content = JsonContent.Create(body) };
            if (asRoot)
                request.Headers.TryAddWithoutValidation("Authorization", (await Call("auth/authenticate", new { name = "root", password = "secret" }))["token"].ToString());
            using var response = await http.SendAsync(request);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<Dictionary<string, object>>())!
                : throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await Server.DisposeAsync();
            folder.Dispose();
        }
    }
}
