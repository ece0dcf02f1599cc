using EventRtc.Ops;
using Spectre.Console;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

public sealed class WorkBarTests
{
    [Fact]
    public async Task Many_threads_may_tell_of_their_first_progress_at_once()
    {
        const int Threads = 16;
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        for (var round = 0; round < 20; round++)
        {
            using var together = new Barrier(Threads);
            var told = await WorkBar.Show(terminal, bar => Task.WhenAll(Enumerable.Range(1, Threads).Select(done => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    bar("checks", done, Threads);
                    return done;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))));

            Assert.Equal(Threads, told.Length);
        }
    }
}
