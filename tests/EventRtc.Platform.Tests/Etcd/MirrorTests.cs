using System.Collections.Concurrent;
using EventRtc.Etcd;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class MirrorTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly string prefix = EtcdFixture.AnyPrefix();
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task It_holds_what_was_there_and_follows_what_happens()
    {
        await Client.Put(prefix + "a", "1".Bytes());
        await Client.Put(prefix + "b", "1".Bytes());
        await using var mirror = new Mirrored(Client, prefix);
        await mirror.Mirror.WhenSynced(default);
        Assert.Equal([prefix + "a", prefix + "b"], mirror.Mirror.Under(prefix).Select(item => item.Key));

        await Client.Put(prefix + "a", "2".Bytes());
        await Client.Delete(prefix + "b");
        await Client.Put(prefix + "c", "1".Bytes());

        await mirror.Shows(Client);
        Assert.Equal("2".Bytes(), mirror.Mirror.Find(prefix + "a")!.Value.ToArray());
        Assert.Null(mirror.Mirror.Find(prefix + "b"));
    }

    [Fact]
    public async Task Under_finds_exactly_the_keys_that_begin_so()
    {
        foreach (var key in new[] { "a", "a/1", "a/2/x", "a0", "b/1" })
            await Client.Put(prefix + key, "1".Bytes());
        await using var mirror = new Mirrored(Client, prefix);
        await mirror.Mirror.WhenSynced(default);
        Assert.Equal([prefix + "a/1", prefix + "a/2/x"], mirror.Mirror.Under(prefix + "a/").Select(item => item.Key));
        Assert.Equal(5, mirror.Mirror.Under("").Count);
        Assert.Empty(mirror.Mirror.Under(prefix + "c"));
    }

    [Fact]
    public async Task A_transaction_is_seen_as_a_whole()
    {
        await using var mirror = new Mirrored(Client, prefix);
        await mirror.Mirror.WhenSynced(default);
        using var stop = new CancellationTokenSource();
        var torn = 0;
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var seen = mirror.Mirror.Under(prefix);
                if (seen.Select(item => item.ValueText()).Distinct().Count() > 1 || seen.Count is not (0 or 4))
                    torn++;
            }
        });
        for (var i = 0; i < 300; i++)
            await Client.Commit(new Txn().Then(Enumerable.Range(0, 4).Select(n => i % 7 == 6 ? Op.Delete($"{prefix}{n}") : Op.Put($"{prefix}{n}", $"{i}".Bytes()))));
        await mirror.Shows(Client);
        await stop.CancelAsync();
        await reading;
        Assert.Equal(0, torn);
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_keep_the_next_key_from_being_told()
    {
        await using var mirror = new Mirrored(Client, prefix);
        mirror.Mirror.Changed += key => throw new InvalidOperationException(key);
        await mirror.Mirror.WhenSynced(default);
        await Client.Put(prefix + "a", "1".Bytes());
        await Client.Put(prefix + "b", "1".Bytes());
        await mirror.Shows(Client);
    }

    [Fact]
    public async Task It_equals_etcd_after_random_changes_with_kills_compactions_and_data_loss_between()
    {
        await using var own = await EtcdFixture.Start();
        await using var mirror = new Mirrored(own.Client, "/rooms/");
        for (var round = 0; round < 8; round++)
        {
            var changing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Change(own.Client, 200)));
            switch (round % 4)
            {
                case 0: await own.Server.Restart(); break;
                case 1: await Ignoring(async () => await own.Client.Compact((await own.Client.List("/none")).Revision)); break;
                case 2: await own.RestartEmpty(); break;
                case 3: await own.Server.Kill(); await own.Server.Start(); break;
            }
            await changing;
            await mirror.Shows(own.Client);
        }
    }

    [Fact]
    public async Task Keys_that_vanished_while_it_was_away_are_told_too()
    {
        await using var own = await EtcdFixture.Start();
        await own.Client.Put("/rooms/a", "1".Bytes());
        await own.Client.Put("/rooms/b", "1".Bytes());
        await using var mirror = new Mirrored(own.Client, "/rooms/");
        await mirror.Shows(own.Client);

        await own.RestartEmpty();
        await own.Client.Put("/rooms/c", "1".Bytes());

        await mirror.Shows(own.Client);
        Assert.Contains("/rooms/a", mirror.Told);
        Assert.Contains("/rooms/b", mirror.Told);
    }

    [Fact]
    public async Task Lost_data_is_noticed_even_when_the_new_store_has_come_to_the_same_revisions()
    {
        await using var own = await EtcdFixture.Start();
        await own.Client.Put("/rooms/a", "1".Bytes());
        await own.Client.Put("/rooms/b", "1".Bytes());
        await using var mirror = new Mirrored(own.Client, "/rooms/");
        await mirror.Shows(own.Client);

        await own.RestartEmpty();
        await own.Client.Put("/rooms/a", "2".Bytes());
        await own.Client.Put("/rooms/x", "1".Bytes());

        await mirror.Shows(own.Client);
    }

    [Fact]
    public async Task A_value_never_goes_back_through_kills_and_reconnects()
    {
        await using var own = await EtcdFixture.Start();
        await using var mirror = new Mirrored(own.Client, "/rooms/");
        var last = new ConcurrentDictionary<string, int>();
        var backwards = new ConcurrentQueue<string>();
        mirror.Mirror.Changed += key =>
        {
            var now = int.Parse(mirror.Mirror.Find(key)!.Value.Span);
            if (now < last.GetValueOrDefault(key))
                backwards.Enqueue($"{key} from {last[key]} to {now}");
            last[key] = now;
        };
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
                await Ignoring(() => own.Client.Put($"/rooms/{writer}", i.ToString().Bytes()));
        })));
        for (var kill = 0; kill < 4; kill++)
        {
            var before = last.Values.Sum();
            await Eventually.True(() => last.Values.Sum() > before + 1_000, Soon, "values go on");
            await own.Server.Restart();
        }
        await stop.CancelAsync();
        await writing;
        await mirror.Shows(own.Client);
        Assert.Empty(backwards);
    }

    [Fact]
    public async Task Behind_a_frozen_server_it_says_that_it_is_not_synced_and_catches_up_when_thawed()
    {
        await using var own = await EtcdFixture.Start();
        await own.Client.Put("/rooms/a", "1".Bytes());
        await using var mirror = new Mirrored(own.Client, "/rooms/");
        await mirror.Mirror.WhenSynced(default);

        await own.Server.Freeze();
        await Eventually.True(() => !mirror.Mirror.Synced, TimeSpan.FromSeconds(20), "the ping is missed");
        Assert.NotNull(mirror.Mirror.Find("/rooms/a"));

        own.Server.Thaw();
        await mirror.Mirror.WhenSynced(default).WaitAsync(Soon);
        await own.Client.Put("/rooms/b", "1".Bytes());
        await mirror.Shows(own.Client);
    }

    [Fact]
    public async Task It_waits_for_an_etcd_that_starts_later()
    {
        using var folder = new TestFolder();
        var port = FreePort.Any();
        await using var client = EtcdFixture.Connect($"127.0.0.1:{port}");
        await using var mirror = new Mirrored(client, "/rooms/");
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mirror.Mirror.WhenSynced(impatient.Token));

        await using var server = await EventRtc.Local.Servers.EtcdServer.Start(folder.Path, port);

        await mirror.Mirror.WhenSynced(default).WaitAsync(Soon);
    }

    private static async Task Change(EtcdClient client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var key = $"/rooms/{Random.Shared.Next(30)}";
            await Ignoring(() => Random.Shared.Next(3) == 0 ? client.Delete(key) : client.Put(key, $"{Guid.NewGuid()}".Bytes()));
        }
    }

    /// <summary>The server comes and goes here; what a call did is seen by looking.</summary>
    private static async Task Ignoring(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (EtcdException)
        {
            await Task.Delay(5);
        }
    }

    /// <summary>A running mirror with a copy of its own, made only from what <see cref="EtcdMirror.Changed"/> told.</summary>
    private sealed class Mirrored : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly ConcurrentDictionary<string, byte[]> told = new();
        private readonly string prefix;
        private readonly Task running;

        public Mirrored(EtcdClient client, string prefix)
        {
            this.prefix = prefix;
            Mirror = new(client, prefix, NullLogger.Instance);
            Mirror.Changed += key =>
            {
                Told.Enqueue(key);
                if (Mirror.Find(key) is { } value)
                    told[key] = value.ToArray();
                else
                    told.TryRemove(key, out _);
            };
            running = Mirror.Run(stop.Token);
        }

        public EtcdMirror Mirror { get; }

        public ConcurrentQueue<string> Told { get; } = new();

        /// <summary>The mirror, and what it told, equal etcd.</summary>
        public Task Shows(EtcdClient client) => Eventually.True(
            async () =>
            {
                var there = await client.List(prefix);
                var expected = there.Items.Select(item => (item.Key, item.ValueText(), item.ModRevision));
                return Mirror.Synced
                    && Mirror.Under(prefix).Select(item => (item.Key, item.ValueText(), item.ModRevision)).SequenceEqual(expected)
                    && told.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, Convert.ToHexString(t.Value)))
                        .SequenceEqual(there.Items.Select(item => (item.Key, Convert.ToHexString(item.Value.Span))));
            },
            Soon,
            $"the mirror of {prefix} equals etcd");

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }
    }
}
