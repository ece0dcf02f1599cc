using System.Diagnostics;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace EventRtc.Local.Up;

/// <param name="Folder">Where data, logs and secrets lie.</param>
/// <param name="Fresh">Drops the data of former runs.</param>
/// <param name="Demo">Opens a room with a test tone.</param>
/// <param name="Redundant">Starts two of everything that any number may run of.</param>
internal sealed record UpOptions(string Folder, bool Fresh, bool Demo, bool Redundant);

/// <summary><c>ops/up</c>: starts everything, says where it is, waits for Ctrl-C or SIGTERM, stops everything.</summary>
internal static class UpCommand
{
    public static async Task<int> Run(UpOptions options, CancellationToken ct)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Capabilities.Ansi = false; // no colours in a file
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            using var alone = OnlyOne.In(options.Folder);
            return await Run(options, Stopwatch.StartNew(), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (failure is Servers.ServerStartException or AlreadyRunningException or TimeoutException or HttpRequestException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{failure.Message}[/]");
            AnsiConsole.MarkupLineInterpolated($"Logs lie in {options.Folder}/*/*.log");
            return 1;
        }
    }

    private static async Task<int> Run(UpOptions options, Stopwatch watch, CancellationToken stop)
    {
        if (options.Fresh)
            await Data.Drop(options.Folder);
        await using (var deployment = await Deployment.Start(options.Folder, DeploymentPorts.Default(), server => Tell(server, watch), redundant: options.Redundant, ct: stop))
        {
            VariablesFile.Write(deployment);
            if (options.Demo)
                await Demo.Open(deployment, stop);
            Welcome.Print(deployment, watch.Elapsed, options.Demo);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            AnsiConsole.WriteLine("Stopping ...");
        }
        AnsiConsole.WriteLine("Stopped. The data is kept; ops/up --fresh drops it.");
        return 0;
    }

    private static void Tell(Servers.Server server, Stopwatch watch) =>
        AnsiConsole.MarkupLineInterpolated($"[green]ready[/] {server.Name,-14} {server.Address,-16} after {watch.Elapsed.TotalSeconds:0.0} s");

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true; // we end by ourselves, in order
        stop.Cancel();
    }
}
