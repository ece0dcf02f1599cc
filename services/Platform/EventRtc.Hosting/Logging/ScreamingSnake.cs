using System.Text;

namespace EventRtc.Hosting.Logging;

/// <summary>Module names as variables have them.</summary>
public static class ScreamingSnake
{
    /// <summary>Between the two levels of a module.</summary>
    public const string LevelSeparator = "__";

    /// <summary>
    /// <c>ResourceMgr.JanusWorker</c> is <c>RESOURCE_MGR__JANUS_WORKER</c>, <c>HLSKeys</c> is <c>HLS_KEYS</c>, <c>Rtp2Hls</c> is <c>RTP2_HLS</c>: a word begins with an upper-case letter
    /// that follows another kind of letter, or that ends a row of upper-case ones. What is in this form already stays as it is.
    /// </summary>
    public static string Of(string module)
    {
        var name = new StringBuilder(module.Length + 8);
        for (var i = 0; i < module.Length; i++)
        {
            if (module[i] == '.')
                name.Append(LevelSeparator);
            else if (!char.IsAsciiLetterOrDigit(module[i]))
                name.Append('_');
            else
                name.Append(BeginsWord(module, i) ? "_" : "").Append(char.ToUpperInvariant(module[i]));
        }
        return name.ToString();
    }

    private static bool BeginsWord(string text, int i) =>
        i > 0 && char.IsAsciiLetterUpper(text[i])
        && (char.IsAsciiLetterLower(text[i - 1]) || char.IsAsciiDigit(text[i - 1])
            || (char.IsAsciiLetterUpper(text[i - 1]) && i + 1 < text.Length && char.IsAsciiLetterLower(text[i + 1])));
}
