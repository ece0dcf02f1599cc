using System.Text;
using EventRtc.Etcd;
using EventRtc.Local.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>One real etcd for the tests of a class, which keep to prefixes of their own; tests that hurt the server start one each.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    private readonly TestFolder folder = new();

    public EtcdServer Server { get; private set; } = null!;

    public EtcdClient Client { get; private set; } = null!;

    public static async Task<EtcdFixture> Start()
    {
        var fixture = new EtcdFixture();
        await fixture.InitializeAsync();
        return fixture;
    }

    public static EtcdClient Connect(params string[] endpoints) => Connect(new EtcdOptions { Endpoints = endpoints });

    public static EtcdClient Connect(EtcdOptions options) => new(options, NullLogger<EtcdClient>.Instance);

    /// <summary>A prefix that no other test uses.</summary>
    public static string AnyPrefix() => $"/{Guid.NewGuid():N}/";

    public async ValueTask InitializeAsync()
    {
        Server = await EtcdServer.Start(folder.Path);
        Client = Connect(Server.Address);
    }

    /// <summary>Starts the server again without any of its data, as after a lost disk.</summary>
    public async Task RestartEmpty()
    {
        await Server.Kill();
        Directory.Delete(Path.Combine(Server.Folder, "data"), recursive: true);
        await Server.Start();
    }

    /// <summary>Watch streams that the server has open, by its own count.</summary>
    public async Task<int> OpenWatches()
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"http://{Server.Address}/metrics"));
        return int.Parse(metrics.Split('\n').Single(line => line.StartsWith("etcd_debugging_mvcc_watch_stream_total ", StringComparison.Ordinal)).Split(' ')[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        folder.Dispose();
    }
}

internal static class TestText
{
    public static byte[] Bytes(this string text) => Encoding.UTF8.GetBytes(text);

    public static string ValueText(this EtcdKeyValue item) => Encoding.UTF8.GetString(item.Value.Span);
}
