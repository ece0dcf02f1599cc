using System.Security.Cryptography;
using System.Text;
using EventRtc.Hosting.Logging;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Hosting;

/// <summary>The header by which a caller says that two calls are one.</summary>
public static class IdempotencyKey
{
    internal const string Header = "Idempotency-Key";

    /// <summary>The same id for the same key on the same method and address, of the form of a UUID v4; a new one for a call without a key.</summary>
    public static Guid IdOf(HttpRequest request)
    {
        var id = Find(request);
        request.HttpContext.Features.Get<CallIds>()?.Command = id; // what is logged from now on says so
        return id;
    }

    private static Guid Find(HttpRequest request)
    {
        if (request.Headers[Header].ToString() is not { Length: > 0 } key)
            return Guid.NewGuid();
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {key}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // version 4
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // variant of RFC 9562
        return new Guid(bytes, bigEndian: true);
    }
}
