using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What <c>ops/up</c> promises: it comes back after a kill -9, keeps data, and leaves nothing running.</summary>
public sealed partial class UpTests : IDisposable
{
    private static readonly TimeSpan UpWithin = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-up-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task It_survives_a_kill_keeps_its_data_until_told_otherwise_and_stops_in_order()
    {
        const string room = "kept-room";
        await using (var first = await Up.Start(folder))
        {
            await first.WhenUp();
            Assert.Matches(@"^Host=127\.0\.0\.1;Port=\d+;Username=postgres;Database=eventrtc$", await Sourced("$POSTGRES_DSN"));
            using var rooms = new RoomApi(first.Web);
            await rooms.OnAir(room);
            await using var second = await Up.Start(folder);
            Assert.Equal(1, await second.Exited);
            Assert.Contains("already runs", second.Output, StringComparison.Ordinal);
            await first.Kill();
        }

        await using (var again = await Up.Start(folder))
        {
            await again.WhenUp();
            using var rooms = new RoomApi(again.Web);
            await Eventually.True(() => rooms.IsForwarding(room), UpWithin, "the room of before the kill is on air again");
            var processes = again.Processes();
            Assert.Equal(0, await again.Stop());
            Assert.DoesNotContain(processes, process => ProcessTable.StartedAt(process) is not null);
        }

        await using var fresh = await Up.Start(folder, "--fresh");
        await fresh.WhenUp();
        using var none = new RoomApi(fresh.Web);
        Assert.Null(await none.Find(room));
        Assert.Equal(0, await fresh.Stop());
    }

    [Fact]
    public async Task It_says_how_it_is_used_and_refuses_what_it_does_not_know()
    {
        await using var help = await Up.Start(folder, "--help");
        Assert.Equal(0, await help.Exited);
        Assert.Contains("--demo", help.Output, StringComparison.Ordinal);

        await using var wrong = await Up.Start(folder, "--no-such-option");
        Assert.Equal(1, await wrong.Exited);
    }

    /// <summary>What a shell makes of a text with the variables that <c>ops/eventrtc</c> goes by.</summary>
    private async Task<string> Sourced(string text)
    {
        var file = Path.Combine(folder, "eventrtc.env");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await using var shell = await ChildProcess.Start(new ProcessSpec("bash", "-euc", $". '{file}'; test -r \"$AUDIT_KEY_FILE\"; echo \"{text}\""));
        Assert.Equal(0, await shell.Exited);
        return Assert.Single(shell.LastLines);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private sealed partial class Up(ChildProcess process, ConcurrentQueue<string> lines) : IAsyncDisposable
    {
        public Task<int> Exited => process.Exited;

        public string Output => string.Join('\n', lines);

        public Uri Web => new(StudioAddress().Match(Output).Groups[1].Value);

        public static async Task<Up> Start(string folder, params string[] arguments)
        {
            var lines = new ConcurrentQueue<string>();
            return new Up(
                await ChildProcess.Start(new ProcessSpec("dotnet", [Checkout.Assembly("ops/EventRtc.Local"), "--folder", folder, .. arguments]) { OnLine = lines.Enqueue }), lines);
        }

        public Task WhenUp() => Eventually.True(
            () => !process.IsRunning ? throw new InvalidOperationException(Output) : Output.Contains("Ctrl-C stops everything", StringComparison.Ordinal), UpWithin, "everything is up");

        public IReadOnlyList<int> Processes() => [.. ProcessTable.Tree(process.Id).Skip(1)];

        public Task<int> Kill() => process.Kill();

        public Task<int> Stop() => process.Stop(TimeSpan.FromSeconds(30));

        public ValueTask DisposeAsync() => process.DisposeAsync();

        [GeneratedRegex(@"(http://localhost:\d+/)studio/")]
        private static partial Regex StudioAddress();
    }
}
