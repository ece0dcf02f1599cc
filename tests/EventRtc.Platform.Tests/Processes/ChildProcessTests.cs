using EventRtc.Hosting.Processes;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Platform.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task With_the_exit_code_the_last_lines_are_there()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("sh", "-c", "for i in $(seq 1 200); do echo line $i; done; exit 3"));

        Assert.Equal(3, await child.Exited);
        Assert.Equal(Enumerable.Range(151, 50).Select(i => $"line {i}"), child.LastLines);
    }

    [Fact]
    public async Task Words_on_stderr_are_kept_too()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("sh", "-c", "echo wrong >&2; exit 4"));

        Assert.Equal(4, await child.Exited);
        Assert.Equal(["wrong"], child.LastLines);
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_output_does_not_hold_the_end()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("sh", "-c", "sleep 300 & echo $!; exit 5"));

        Assert.Equal(5, await child.Exited.WaitAsync(TimeSpan.FromSeconds(20)));
        ProcessTable.Send(int.Parse(child.LastLines[0]), Signal.Kill);
    }

    [Fact]
    public async Task A_child_that_ignores_the_stop_signal_is_killed_after_the_grace()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.1; done"));
        await Eventually.True(() => child.LastLines.Contains("ready"), TimeSpan.FromSeconds(5), "the trap is set");

        Assert.Equal(128 + 9, await child.Stop(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task A_stopped_child_ends_by_its_own_handler()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("sh", "-c", "trap 'exit 7' TERM; echo ready; while true; do sleep 0.05; done"));
        await Eventually.True(() => child.LastLines.Contains("ready"), TimeSpan.FromSeconds(5), "the trap is set");

        Assert.Equal(7, await child.Stop(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_grandchild_dies_when_its_parent_is_killed()
    {
        // The parent is setpriv's child; it starts one of its own under the same rule, as a service does with ffmpeg.
        await using var parent = await ChildProcess.Start(new ProcessSpec("sh", "-c", "setpriv --pdeathsig TERM sleep 300 & echo $!; wait"));
        await Eventually.True(() => parent.LastLines.Count == 1, TimeSpan.FromSeconds(5), "the grandchild's id is printed");
        var grandchild = int.Parse(parent.LastLines[0]);
        await Eventually.True(() => IsSleep(grandchild), TimeSpan.FromSeconds(5), "the grandchild runs");

        await parent.Kill();

        await Eventually.True(() => !IsSleep(grandchild), TimeSpan.FromSeconds(5), "the grandchild is gone");
    }

    [Fact]
    public async Task Children_outlive_the_pool_threads_that_asked_for_them()
    {
        var children = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ChildProcess.Start(new ProcessSpec("sleep", "300")))));

        Assert.All(children, child => Assert.True(child.IsRunning));
        foreach (var child in children)
            await child.DisposeAsync();
        Assert.All(children, child => Assert.Null(ProcessTable.StartedAt(child.Id)));
    }

    [Fact]
    public async Task A_missing_program_shows_as_127()
    {
        await using var child = await ChildProcess.Start(new ProcessSpec("no-such-program-here"));

        Assert.Equal(127, await child.Exited);
    }

    private static bool IsSleep(int process)
    {
        var file = $"/proc/{process}/cmdline";
        return File.Exists(file) && File.ReadAllText(file).StartsWith("sleep", StringComparison.Ordinal);
    }
}
