using System.Text.RegularExpressions;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Looks for pins, tokens and keys in all that the servers and services of a deployment have logged.</summary>
internal static partial class LogSearch
{
    /// <summary>Fails when there is a secret of the deployment, the pin of its rooms, any token, or one of these.</summary>
    public static void AssertNoSecretIsIn(Deployment at, params IEnumerable<Secret> used)
    {
        List<Secret> secrets = [new("the pin of rooms", RoomApi.Pin), .. used, .. OfDeployment(at)];
        var found = from log in Logs(at)
                    from line in Read(log).Split('\n')
                    let what = secrets.Find(secret => secret.IsIn(line))?.Name ?? (AnyToken().IsMatch(line) ? "a token" : null)
                    where what is not null
                    select $"{what} in {log.Name}: {line}";
        Assert.True(!found.Any(), string.Join('\n', found.Take(20)));
    }

    public static IReadOnlyList<FileInfo> Logs(Deployment at)
    {
        var files = at.Stages.SelectMany(stage => stage).Select(server => server.LogFile).Concat(Directory.EnumerateFiles(at.Folder, "*.log", SearchOption.AllDirectories));
        return [.. files.Where(File.Exists).Distinct().Select(file => new FileInfo(file))];
    }

    public static string Read(FileInfo log)
    {
        using var file = new StreamReader(new FileStream(log.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return file.ReadToEnd();
    }

    private static IEnumerable<Secret> OfDeployment(Deployment at) =>
    [
        new("JWT_SECRET", at.Secrets.Jwt), new("JANUS_TOKEN_KEY", at.Secrets.JanusToken), new("HLS_KEY_SECRET", at.Secrets.HlsKey),
        new("JANUS_ADMIN_SECRET", at.Secrets.JanusAdmin), new("JANUS_ADMIN_KEY", at.Secrets.JanusAdminKey),
        .. File.ReadAllLines(at.AuditKeyFile).Where(line => !line.StartsWith('-')).Select(line => new Secret("the audit key", line)),
    ];

    /// <summary>As every token of ours begins: a JSON object with "alg" or "typ", in Base64.</summary>
    [GeneratedRegex(@"eyJ[\w-]{10,}\.")]
    private static partial Regex AnyToken();
}

internal sealed record Secret(string Name, string Text)
{
    public bool IsIn(string line) => line.Contains(Text, StringComparison.Ordinal);
}
