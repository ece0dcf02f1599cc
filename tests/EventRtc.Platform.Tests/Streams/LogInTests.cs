using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Microsoft.Extensions.Logging;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

/// <summary>What stands between a TCP connection and the first command.</summary>
public sealed class LogInTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private RedisServer server = null!;
    private RedisClient admin = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.Start(folder.Path);
        admin = Connect(Patient(server.Address));
        await admin.PingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await admin.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_user_logs_in_with_a_password()
    {
        await admin.ExecuteAsync(["ACL", "SETUSER", "relay", "on", ">päss word", "~*", "&*", "+@all"]);
        await using var client = Connect(Patient(server.Address) with { User = "relay", Password = "päss word" });
        Assert.Equal("relay", (string?)await client.ExecuteAsync(["ACL", "WHOAMI"]));
    }

    [Fact]
    public async Task A_wrong_password_is_told_at_once_and_works_when_it_becomes_right()
    {
        await admin.ExecuteAsync(["ACL", "SETUSER", "relay", "on", ">right", "~*", "&*", "+@all"]);
        await using var client = Connect(Patient(server.Address) with { User = "relay", Password = "wrong" });

        var waited = Stopwatch.StartNew();
        var refusal = await Assert.ThrowsAsync<RedisConnectionException>(() => client.PingAsync());
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20));
        Assert.False(refusal.MayHaveExecuted);
        Assert.StartsWith($"Redis at {server.Address} refuses the connection: WRONGPASS", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisConnectionException>(() => client.SubscribeAsync("c"));

        await admin.ExecuteAsync(["ACL", "SETUSER", "relay", ">wrong"]);
        await client.PingAsync();
        await using var subscription = await client.SubscribeAsync("c");
    }

    [Fact]
    public async Task A_missing_password_is_told()
    {
        await admin.ExecuteAsync(["CONFIG", "SET", "requirepass", "secret"]);
        await using var without = Connect(Patient(server.Address));
        await using var with = Connect(Patient(server.Address) with { Password = "secret" });

        Assert.Contains("NOAUTH", (await Assert.ThrowsAsync<RedisConnectionException>(() => without.PingAsync())).Message, StringComparison.Ordinal);
        await with.PingAsync();
    }

    [Fact]
    public async Task A_database_is_selected_on_every_connection()
    {
        await using var three = Connect(Patient(server.Address) with { Database = 3 });
        await three.StreamAddAsync("s", [new("n", 1)]);
        await server.Restart();
        Assert.Single(await three.StreamReadAsync([new("s", StreamPosition.Beginning)], block: TimeSpan.FromSeconds(1)));
        Assert.False(await admin.KeyExistsAsync("s"));

        await using var none = Connect(Patient(server.Address) with { Database = 99 });
        Assert.Contains("out of range", (await Assert.ThrowsAsync<RedisConnectionException>(() => none.PingAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_too_many_clients_says_so()
    {
        await admin.ExecuteAsync(["CONFIG", "SET", "maxclients", 1]);
        await using var second = Connect(Patient(server.Address));
        Assert.Contains("max number of clients", (await Assert.ThrowsAsync<RedisConnectionException>(() => second.PingAsync())).Message, StringComparison.Ordinal);

        await admin.ExecuteAsync(["CONFIG", "SET", "maxclients", 100]);
        await second.PingAsync();
    }

    [Fact]
    public async Task A_server_that_still_loads_its_data_is_waited_for()
    {
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => admin.StringSetAsync($"k{i}", "v")));
        await server.Stop();
        var log = new LogLines();
        await using var client = new RedisClient(Patient(server.Address), log);

        await using var slow = await ChildProcess.Start(new(
            "redis-server", "--port", $"{server.Port}", "--dir", folder.Path, "--save", "", "--appendonly", "yes", "--key-load-delay", "800"));
        await Eventually.True(Listens, TimeSpan.FromSeconds(30), "the server listens, and still loads for two seconds");

        Assert.Equal("v", (string?)await client.StringGetAsync("k2999"));
        Assert.Contains(log.Lines, line => line.Contains("LOADING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_is_not_Redis_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var peer = await listener.AcceptTcpClientAsync();
                await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n"));
                await peer.GetStream().CopyToAsync(Stream.Null);
            }
        });
        await using var client = Connect(new() { Address = $"localhost:{((IPEndPoint)listener.LocalEndpoint).Port}", CommandTimeout = TimeSpan.FromSeconds(2) });

        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() => client.PingAsync());

        Assert.Contains("cannot be reached: Not a reply of Redis", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("localhost:port"), InlineData("a b"), InlineData("localhost:6379/0"), InlineData("user@localhost"), InlineData("redis://localhost")]
    public void An_address_that_is_none_is_refused(string address) => Assert.Throws<ArgumentException>(() => Connect(new() { Address = address }));

    [Fact]
    public async Task Tls_encrypts_and_checks_the_certificate()
    {
        var port = FreePort.Any();
        var (certificate, key) = Certificate();
        await admin.ExecuteAsync(["CONFIG", "SET", "tls-cert-file", certificate, "tls-key-file", key, "tls-ca-cert-file", certificate, "tls-auth-clients", "no", "tls-port", port]);

        await using var trusting = Connect(Patient($"localhost:{port}") with { Tls = true, TlsCaFile = certificate });
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => trusting.StringSetAsync($"k{i}", new byte[i * 100])));
        Assert.Equal(19_900, ((ReadOnlyMemory<byte>)await trusting.StringGetAsync("k199")).Length);

        await using var strict = Connect(Patient($"localhost:{port}") with { Tls = true });
        Assert.Contains("certificate", (await Assert.ThrowsAsync<RedisConnectionException>(() => strict.PingAsync())).Message, StringComparison.Ordinal);

        await using var plain = Connect(Patient($"localhost:{port}") with { CommandTimeout = TimeSpan.FromSeconds(1) });
        Assert.False((await Assert.ThrowsAsync<RedisConnectionException>(() => plain.PingAsync())).MayHaveExecuted);
    }

    private async Task<bool> Listens()
    {
        using var probe = new TcpClient();
        await probe.ConnectAsync(IPAddress.Loopback, server.Port);
        return true;
    }

    private (string Certificate, string Key) Certificate()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));

        var (pem, key) = (Path.Combine(folder.Path, "redis.crt"), Path.Combine(folder.Path, "redis.key"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
        return (pem, key);
    }

    private sealed class LogLines : ILogger<RedisClient>
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Lines => lines;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));
    }
}
