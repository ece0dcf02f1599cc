using System.Net.Sockets;
using System.Net.WebSockets;

namespace EventRtc.Ops.Doctor;

/// <summary>Why somebody cannot be reached, in words for operators.</summary>
internal static class Reach
{
    /// <summary>True for what a network does; false for a bug, and when the caller gave up.</summary>
    public static bool Explains(Exception fault, CancellationToken ct) => fault switch
    {
        OperationCanceledException => !ct.IsCancellationRequested,
        HttpRequestException or WebSocketException or SocketException or IOException => true,
        _ => false,
    };

    /// <summary>True when it is certain that nothing was sent.</summary>
    public static bool WasNotReached(Exception fault) => SocketErrorOf(fault) is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData;

    public static string Why(Exception fault) => fault switch
    {
        OperationCanceledException => "gives no answer in time",
        _ when SocketErrorOf(fault) is { } error => error switch
        {
            SocketError.ConnectionRefused => "refuses connections: nobody listens there",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "has a name that is not known here",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut => "cannot be reached from here",
            _ => "breaks the connection",
        },
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "shows a certificate that is not trusted here",
        WebSocketException => "does not take a WebSocket",
        _ => "breaks the connection",
    };

    private static SocketError? SocketErrorOf(Exception? fault) => fault switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(fault.InnerException),
    };

    /// <summary>Opens a TCP connection and closes it.</summary>
    /// <exception cref="SocketException">Nobody takes it.</exception>
    public static async Task Knock(string host, int port, TimeSpan within, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        using var door = new TcpClient();
        await door.ConnectAsync(host, port, limit.Token);
    }
}
