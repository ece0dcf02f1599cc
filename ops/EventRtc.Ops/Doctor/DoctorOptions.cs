using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;

namespace EventRtc.Ops.Doctor;

/// <summary>
/// Where the deployment's processes answer, as seen from here. Lists have commas between; a name with several addresses behind it, as that of a scaled container, stands for all of them.
/// The defaults are where <c>ops/up</c> puts them.
/// </summary>
internal sealed record DoctorOptions
{
    /// <summary>Every rooms service, comma-separated. Without any the one of ROOMS_URL. Default none.</summary>
    [HttpUrls]
    public IReadOnlyList<string> RoomsUrls { get; init; } = [];

    /// <summary>Every users service, comma-separated. Default http://localhost:8085.</summary>
    [HttpUrls]
    public IReadOnlyList<string> UsersUrls { get; init; } = ["http://localhost:8085"];

    /// <summary>Every gateway, comma-separated. Default http://localhost:8081,http://localhost:8082.</summary>
    [HttpUrls]
    public IReadOnlyList<string> GatewayUrls { get; init; } = ["http://localhost:8081", "http://localhost:8082"];

    /// <summary>Every HLS service, comma-separated. Default http://localhost:3100.</summary>
    [HttpUrls]
    public IReadOnlyList<string> HlsUrls { get; init; } = ["http://localhost:3100"];

    /// <summary>Every projector, comma-separated. Default http://localhost:3200.</summary>
    [HttpUrls]
    public IReadOnlyList<string> ProjectorUrls { get; init; } = ["http://localhost:3200"];

    /// <summary>Every Janus worker, comma-separated. Default http://localhost:3201.</summary>
    [HttpUrls]
    public IReadOnlyList<string> JanusWorkerUrls { get; init; } = ["http://localhost:3201"];

    /// <summary>Every mixer worker, comma-separated. Default http://localhost:3202.</summary>
    [HttpUrls]
    public IReadOnlyList<string> MixerWorkerUrls { get; init; } = ["http://localhost:3202"];

    /// <summary>The origin that browsers see: pages, REST, WebSocket and media. Default http://localhost:8080.</summary>
    [UrlOf("http", "https")]
    public Uri WebUrl { get; init; } = new("http://localhost:8080");
}

/// <summary>Refuses a list with something else than http:// and https:// URLs.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlsAttribute() : ValidationAttribute("{0} must be one or more of http://host:port and https://host:port, with commas between")
{
    public override bool IsValid(object? value) =>
        value is IReadOnlyList<string> urls && urls.All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0 });
}
