using System.Security.Cryptography;
using System.Text;

namespace EventRtc.Streams;

/// <summary>A script that runs on the server as one step. Redis keeps it under its hash, so that calls send only the hash.</summary>
public sealed class LuaScript
{
    private LuaScript(string text)
    {
        Text = text;
#pragma warning disable CA5350 // Redis names scripts by SHA-1; nothing here rests on its strength.
        Hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    public string Text { get; }

    /// <summary>SHA-1 of the text, 40 lower-case hex digits, as Redis computes it.</summary>
    public string Hash { get; }

    public static LuaScript Prepare(string text) => new(text);
}
