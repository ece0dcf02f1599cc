using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EventRtc.Contracts.Tokens;

namespace EventRtc.Services.Tests.Contracts;

/// <summary>
/// Tokens that are nearly right. Most are signed well, so that what stands behind the signature is met too: each is a good token of one kind with one to three
/// things changed in its header, its body, its signature or its text. The same seed makes the same tokens.
/// </summary>
internal sealed class TokenFuzz(int seed, string secret, string room, long now)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "1e-400", "1.5", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "99999999999999999999999999999999999999",
        "\"\"", "\"HS256\"", "\"none\"", "\"RS256\"", "\"host\"", "\"operator\"", "\"Operator\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\u2028\ufeff\"",
        "[]", "[\"HS256\"]", "{}", "{\"alg\":\"HS256\"}", "[[[[[[[[[[]]]]]]]]]]", "\"../../etc/passwd\"", "\"' or 1=1 --\"",
    ];

    private static readonly string[] Names =
        ["alg", "typ", "kid", "crit", "b64", "jku", "x5c", "jwk", "roomID", "userID", "role", "name", "iat", "exp", "nbf", "\\ud800", "\\u0061lg", "\\u0065xp", "", "ALG", "Exp", "__proto__"];

    private static readonly string[] Characters = [".", "..", "=", "==", " ", "\n", "\0", "+", "/", "-", "_", "ä", "一", "\ud83d\ude00", "\ud800", "%2e", "\u00ff", "A", "Bearer "];

    private readonly Random random = new(seed);
    private readonly JwtKey ours = new(secret);
    private readonly JwtKey foreign = new("a secret of somebody else entirely");

    private enum Kind { Member, Listener, Staff }

    public string Next()
    {
        var header = new List<(string Name, string Value)> { ("alg", "\"HS256\""), ("typ", "\"JWT\""), ("kid", $"\"{ours.Id}\"") };
        var body = Body((Kind)random.Next(3));
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Change(random.Next(2) == 0 ? header : body);

        var content = $"{Encode(Json(header))}.{Encode(Json(body))}";
        var token = $"{content}.{(random.Next(8) == 0 ? foreign : ours).Sign(content)}";
        return random.Next(3) == 0 ? Damage(token) : token;
    }

    private List<(string Name, string Value)> Body(Kind kind)
    {
        var times = new List<(string, string)> { ("iat", Number(now)), ("exp", Number(now + 3600)) };
        return kind switch
        {
            Kind.Member => [("roomID", $"\"{room}\""), .. times, ("userID", $"\"{Guid.NewGuid()}\""), ("role", "\"host\"")],
            Kind.Listener => [("roomID", $"\"{room}\""), .. times],
            _ => [("role", "\"operator\""), ("name", "\"ann\""), .. times],
        };
    }

    private void Change(List<(string Name, string Value)> members)
    {
        var at = random.Next(members.Count + 1);
        var known = members.ElementAtOrDefault(random.Next(Math.Max(1, members.Count))).Name ?? "exp";
        switch (random.Next(6))
        {
            case 0 when at < members.Count:
                members.RemoveAt(at);
                break;
            case 1 when at < members.Count:
                members[at] = (members[at].Name, Value());
                break;
            case 2 when at < members.Count:
                members[at] = (One(Names), members[at].Value);
                break;
            case 3:
                members.Insert(at, (known, Value())); // the same name twice
                break;
            case 4:
                members.Insert(at, (One(Names), Value()));
                break;
            default:
                var time = One(["exp", "nbf", "iat"]);
                members.RemoveAll(member => member.Name == time);
                members.Add((time, Number(now + random.NextInt64(-100_000, 100_000))));
                break;
        }
    }

    /// <summary>Now and then something that is not even an object, not JSON, or not UTF-8.</summary>
    private byte[] Json(List<(string Name, string Value)> members)
    {
        if (random.Next(20) == 0)
            return Encoding.UTF8.GetBytes(Value());
        var json = Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}");
        switch (random.Next(12))
        {
            case 0:
                json[random.Next(json.Length)] = (byte)random.Next(256);
                break;
            case 1:
                return json[..random.Next(json.Length)];
            case 2:
                return [.. Encoding.UTF8.Preamble, .. json];
            case 3:
                return [.. Encoding.UTF8.GetBytes(new string('[', random.Next(200))), .. json];
        }
        return json;
    }

    private string Damage(string token)
    {
        var at = random.Next(token.Length);
        return random.Next(6) switch
        {
            0 => token[..at],
            1 => token.Insert(at, One(Characters)),
            2 => token.Remove(at, 1),
            3 => string.Join('.', token.Split('.').Reverse()),
            4 => $"{token}{new string('A', random.Next(8000))}",
            _ => $"{token[..at]}{One(Characters)}{token[(at + 1)..]}",
        };
    }

    private string Value() => random.Next(10) == 0 ? $"\"{new string('x', random.Next(3000))}\"" : One(Values);

    private string One(string[] of) => of[random.Next(of.Length)];

    private static string Encode(byte[] json) => Base64Url.EncodeToString(json);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
