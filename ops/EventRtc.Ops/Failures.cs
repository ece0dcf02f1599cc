using System.CommandLine;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Ops.Modules;
using EventRtc.Streams;

namespace EventRtc.Ops;

/// <summary>The answer is no: what was asked for is not there, or not as it should be. The message is for the person at the terminal.</summary>
internal sealed class RefusedException(string message) : Exception(message);

/// <summary>How a command ends: 0 done, 1 the answer is no, 2 it could not be carried out here and now, or not be understood. Never with a stack trace for what can be expected.</summary>
internal static class Failures
{
    public const int Done = 0;
    public const int No = 1;
    public const int CannotNow = 2;
    private const int Interrupted = 130;

    /// <summary>How long a command that is interrupted may take to put away what it has begun.</summary>
    public static readonly TimeSpan Parting = TimeSpan.FromSeconds(15);

    /// <summary>Sets what the command does, and turns its failures into one line and an exit code.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (arguments, ct) =>
        {
            try
            {
                return await work(arguments, ct);
            }
            catch (RefusedException no)
            {
                return Say(no.Message, No);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return Say("stopped", Interrupted);
            }
            catch (Exception fault) when (IsExpected(fault))
            {
                return Say(fault.Message, CannotNow);
            }
        });
        return command;
    }

    private static bool IsExpected(Exception fault) => fault
        is SettingsException or EventStoreUnavailableException or EventStoreBusyException or AuditKeyException or TokenException or RoomsServiceException or UndecodableEventException or EtcdException or RedisException
        or IOException or UnauthorizedAccessException or TimeoutException;

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"eventrtc: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
