using EventRtc.EventStore;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Chaos.Load;

/// <summary>A command as a client sent it, once or often, always under one Idempotency-Key.</summary>
/// <param name="Id">The command's id in the log: it follows from method, path and key.</param>
/// <param name="Events">What it leads to when it is accepted, in order.</param>
internal sealed record Command(Guid Id, string Stream, string What, IReadOnlyList<string> Events)
{
    /// <summary>Null as long as nobody has answered.</summary>
    public Answer? Answer { get; set; }

    public static Guid IdOf(HttpMethod method, string path, string key)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path, request.Headers["Idempotency-Key"]) = (method.Method, path, key);
        return Hosting.IdempotencyKey.IdOf(request);
    }
}

/// <summary>The last word on a command.</summary>
/// <param name="Code">Why it was refused; null when it was accepted.</param>
/// <param name="Body">As it came.</param>
internal sealed record Answer(int Status, string? Code, string Body)
{
    public bool Accepted => Code is null;
}
