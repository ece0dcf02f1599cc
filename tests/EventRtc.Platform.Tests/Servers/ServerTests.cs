using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Platform.Tests.Servers;

public sealed class ServerTests
{
    public static TheoryData<string> Kinds => ["postgres", "redis", "etcd", "janus"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_server_starts_survives_a_kill_and_ends(string kind)
    {
        using var folder = new TestFolder();
        await using var server = await Start(kind, folder.Path);
        var first = server.ProcessId;

        await server.Restart();
        Assert.NotEqual(first, server.ProcessId);

        await server.Stop();
        Assert.False(server.IsRunning);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_frozen_server_goes_on_when_thawed(string kind)
    {
        using var folder = new TestFolder();
        await using var server = await Start(kind, folder.Path);

        await server.Freeze();
        server.Thaw();

        await Eventually.True(() => !ProcessTable.IsStopped(server.ProcessId!.Value), TimeSpan.FromSeconds(5), "the process runs again");
    }

    [Fact]
    public async Task A_server_whose_child_has_ended_unnoticed_is_frozen_all_the_same()
    {
        using var folder = new TestFolder();
        await using var server = new ParentOfAZombie(folder.Path);
        await server.Start();

        await server.Freeze();
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        using var folder = new TestFolder();
        await using var first = await RedisServer.Start(folder.Path);
        using var other = new TestFolder();

        var failure = await Assert.ThrowsAsync<ServerStartException>(() => EtcdServer.Start(other.Path, first.Port));

        Assert.Contains("address already in use", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<Server> Start(string kind, string folder) => kind switch
    {
        "postgres" => await PostgresServer.Start(folder),
        "redis" => await RedisServer.Start(folder),
        "etcd" => await EtcdServer.Start(folder),
        _ => await JanusServer.Start(folder),
    };

    /// <summary>What a server is at times when it is frozen between the end of a child and the wait for it.</summary>
    private sealed class ParentOfAZombie(string folder) : Server("parent", folder)
    {
        public override string Address => "nowhere";

        protected override ProcessSpec Describe() => new("/bin/sh", ["-c", "sleep 0 & exec sleep 60"]);

        protected override Task<bool> IsReady(CancellationToken ct) => Task.FromResult(ProcessTable.Tree(ProcessId!.Value) is [_, var child] && ProcessTable.IsStopped(child));
    }
}
