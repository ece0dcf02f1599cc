using System.Diagnostics;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Modules;

/// <summary>The real command line as a process.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private CommandLine(Process process) =>
        (this.process, output, error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public bool IsRunning => !process.HasExited;

    /// <param name="token">Shown to the rooms service; null for none.</param>
    public static CommandLine Start(Uri rooms, string? token, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Checkout.Assembly("ops/EventRtc.Ops"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ROOMS_URL"] = rooms.ToString();
        start.Environment["EVENTRTC_TOKEN"] = token;
        return new CommandLine(Process.Start(start)!);
    }

    public static async Task<Ran> Run(Uri rooms, string? token, params string[] arguments)
    {
        using var command = Start(rooms, token, arguments);
        return await command.Ended();
    }

    public async Task<Ran> Ended()
    {
        await process.WaitForExitAsync();
        return new Ran(process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (IsRunning)
            process.Kill();
        process.Dispose();
    }
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public string MustSucceed()
    {
        Assert.Equal((0, ""), (Code, Code == 0 ? "" : Output + Error));
        return Output.Trim();
    }

    /// <summary>One clear line, and no stack trace.</summary>
    public void MustEndWith(int code, params string[] words)
    {
        Assert.StartsWith("eventrtc: ", Error, StringComparison.Ordinal);
        Assert.Equal((code, 1), (Code, Error.TrimEnd().Split('\n').Length));
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.Ordinal));
    }
}
