using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting;

/// <summary>A URL of one of these schemes. Without it <c>localhost:3000</c> would do: a URL of the scheme "localhost".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UrlOfAttribute(params string[] schemes) : ValidationAttribute($"the value must begin with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}")
{
    public IReadOnlyList<string> Schemes => schemes;

    public override bool IsValid(object? value) => value is null || (value is Uri url && schemes.Contains(url.Scheme));
}
