using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace EventRtc.Domain;

/// <summary>The letters that ids are made of. They need no escaping in a path, an etcd key, a Redis key or a file name.</summary>
internal static class IdText
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static bool Fits([NotNullWhen(true)] string? text, int minLength, int maxLength) =>
        text is not null && text.Length >= minLength && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(Letters);

    public static FormatException Unfit(string what, string? text) => new($"'{text}' is not a {what} id.");
}
