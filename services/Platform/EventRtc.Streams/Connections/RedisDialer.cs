using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace EventRtc.Streams.Connections;

/// <summary>Opens one connection: TCP, TLS when asked for, log-in, database, and a PING that finds out whether Redis serves us.</summary>
internal sealed class RedisDialer(RedisOptions options, TimeProvider time)
{
    private readonly DnsEndPoint endpoint = Parse(options.Address) ?? throw new ArgumentException($"'{options.Address}' is not an address of the form host:port", nameof(options));

    /// <exception cref="RedisServerException">Redis refuses us: WRONGPASS, NOAUTH, LOADING, no such database, too many clients.</exception>
    /// <exception cref="TimeoutException">No answer within <see cref="RedisOptions.ConnectTimeout"/>.</exception>
    public async Task<RedisConnection> Open(Func<RedisResult, bool>? push, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            var connection = new RedisConnection(await Dial(either.Token), options, time, push);
            try
            {
                await Greet(connection, either.Token);
                return connection;
            }
            catch (Exception e)
            {
                connection.Close(e);
                throw;
            }
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s", e);
        }
        catch (RedisConnectionException e) when (e.InnerException is { } cause)
        {
            throw new IOException(cause.Message, cause);   // the greeting is no command of a caller: only why it failed matters
        }
    }

    private async Task<Stream> Dial(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, ct);
            var network = new NetworkStream(socket, ownsSocket: true);
            if (!options.Tls)
                return network;
            var secure = new SslStream(network);
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = endpoint.Host, CertificateChainPolicy = Trust() }, ct);
            return secure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task Greet(RedisConnection connection, CancellationToken ct)
    {
        List<RedisValue[]> greeting = [];
        if (options.Password is { } password)
            greeting.Add(options.User is { } user ? ["AUTH", user, password] : ["AUTH", password]);
        if (options.Database != 0)
            greeting.Add(["SELECT", options.Database]);
        greeting.Add(["PING"]);

        // Everything is queued before anything is received: a server with too many clients answers before it is asked.
        var answers = greeting.ConvertAll(command => connection.TrySend(command, long.MaxValue) ?? throw new EndOfStreamException("the connection ended"));
        connection.Start();
        foreach (var answer in answers)
            await answer.Task.WaitAsync(ct);
    }

    /// <summary>Read for each connection, so that a renewed one counts.</summary>
    internal static X509Certificate2 Authority(string file) => X509CertificateLoader.LoadCertificateFromFile(file);

    private X509ChainPolicy? Trust() => options.TlsCaFile is not { } file ? null : new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Authority(file) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    // A Uri knows about brackets and ports; the scheme is there because it needs one.
    internal static DnsEndPoint? Parse(string address) =>
        Uri.TryCreate($"redis://{address}", UriKind.Absolute, out var uri) && uri is { Host.Length: > 0, UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? new(uri.DnsSafeHost, uri.Port < 0 ? 6379 : uri.Port)
            : null;
}
