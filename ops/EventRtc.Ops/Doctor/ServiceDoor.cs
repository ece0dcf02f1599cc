using System.Net;
using System.Net.Sockets;

namespace EventRtc.Ops.Doctor;

/// <summary>One process of a service, by its address.</summary>
internal sealed class ServiceDoor : IDisposable
{
    /// <summary>A service renews the second that it writes into its answers once a second, and leaves fractions out.</summary>
    private static readonly TimeSpan CoarseDate = TimeSpan.FromSeconds(2);

    private readonly HttpClient http;

    /// <param name="address">Which of those behind the URL's name; null: whichever answers.</param>
    private ServiceDoor(string service, Uri url, IPAddress? address, TimeSpan patience)
    {
        Service = service;
        Place = address is null || address.ToString() == url.Host || url.IsLoopback ? $"{url.Host}:{url.Port}" : $"{url.Host} ({address}):{url.Port}";
        var handler = new SocketsHttpHandler();
        if (address is not null)
            handler.ConnectCallback = async (context, ct) => await Connect(address, context.DnsEndPoint.Port, ct);
        http = new HttpClient(handler) { BaseAddress = new Uri($"{url.AbsoluteUri.TrimEnd('/')}/"), Timeout = patience };
    }

    /// <summary>rooms, users, gateway, hls, projector, janus-worker or mixer-worker.</summary>
    public string Service { get; }

    /// <summary>Host and port.</summary>
    public string Place { get; }

    public string Name => $"{Service} at {Place}";

    /// <summary>All processes behind a URL: as many as its name has addresses.</summary>
    public static async Task<IReadOnlyList<ServiceDoor>> Behind(string service, Uri url, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.Host, ct).WaitAsync(patience, ct);
            var family = addresses.Any(address => address.AddressFamily is AddressFamily.InterNetwork) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            return [.. addresses.Where(address => address.AddressFamily == family).Distinct().Select(address => new ServiceDoor(service, url, address, patience))];
        }
        catch (Exception fault) when (fault is SocketException or TimeoutException)
        {
            return [new ServiceDoor(service, url, null, patience)]; // whoever asks it hears why
        }
    }

    /// <summary>What its health page says, and by its clock when.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<HealthPage> Health(TimeProvider clock, CancellationToken ct)
    {
        var asked = clock.GetUtcNow();
        using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        var answered = clock.GetUtcNow();
        var lines = (await answer.Content.ReadAsStringAsync(ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new HealthPage(answer.StatusCode, lines, answer.Headers.Date is { } date ? ClockReading.Of(asked, date, answered, CoarseDate) : null);
    }

    public void Dispose() => http.Dispose();

    private static async Task<Stream> Connect(IPAddress address, int port, CancellationToken ct)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <param name="Lines">One for each thing that the service depends on or says of itself, beginning with ok or away.</param>
/// <param name="Clock">Null when the answer has no date.</param>
internal sealed record HealthPage(HttpStatusCode Status, IReadOnlyList<string> Lines, ClockReading? Clock)
{
    private const string Away = "away ";
    private const string Well = "ok ";

    /// <summary>What is well, without the word that says so.</summary>
    public IEnumerable<string> Good => Lines.Where(line => line.StartsWith(Well, StringComparison.Ordinal)).Select(line => line[Well.Length..].Trim());

    public IEnumerable<string> Bad => Lines.Where(line => line.StartsWith(Away, StringComparison.Ordinal)).Select(line => line[Away.Length..].Trim());
}
