using System.Text;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Visitors;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>Frames that nearly are what a client sends: real requests with something changed in them, and batches of such.</summary>
/// <param name="user">Who sends them; some are about this user.</param>
internal sealed class FrameMutations(Random random, UserId user)
{
    private static readonly string[] Methods =
        ["join", "offer", "icecandidate", "keepalive", "status", "mute", "remove", "endRoom", "leave", "rpc.discover", "$/cancelRequest", "", "Join", "\ud800", "jøin"];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "9223372036854775808", "1.5", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[[]]]", "\"\\ud800\"", "\"\\u0000\"", "\"onair\"", "\"123456\"",
        "{\"sdp\":null}", "{\"type\":\"offer\",\"sdp\":\"v=0\"}", "\"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51\"", "{\"candidate\":\"\"}", "{\"completed\":true}",
    ];

    public byte[] Next() => random.Next(10) switch
    {
        0 => Noise(),
        1 => Cut(Encoding.UTF8.GetBytes(Request())),
        2 => Flip(Encoding.UTF8.GetBytes(Request())),
        3 => Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, random.Next(0, 20)).Select(_ => random.Next(4) == 0 ? Pick(Values) : Request()))}]"),
        4 => Encoding.UTF8.GetBytes(new string('[', random.Next(1, 5_000))),
        5 => Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"join","params":{"pin":"{{{new string('9', random.Next(1, 70_000))}}}"}}"""),
        _ => Encoding.UTF8.GetBytes(Request()),
    };

    /// <summary>Seldom one that would end the connection, or the room, on purpose.</summary>
    private string Request()
    {
        var members = new List<string> { Member("jsonrpc", random.Next(20) == 0 ? Pick(Values) : "\"2.0\""), Member("method", random.Next(20) == 0 ? Pick(Values) : JsonSerializer.Serialize(Method())) };
        if (random.Next(10) > 0)
            members.Add(Member("id", random.Next(8) == 0 ? Pick(Values) : $"{random.Next()}"));
        if (random.Next(10) > 0)
            members.Add(Member("params", random.Next(3) == 0 ? Pick(Values) : Params()));
        if (random.Next(20) == 0)
            members.Add(members[random.Next(members.Count)]);
        return $"{{{string.Join(',', members)}}}";
    }

    private string Method() => Pick(Methods) is var method && method is "leave" or "endRoom" && random.Next(50) > 0 ? "status" : method;

    /// <summary>As text, for not every value here could be written by a serializer.</summary>
    private string Params()
    {
        (string Name, string Json)[] given =
        [
            ("clientId", $"\"{Guid.NewGuid()}\""), ("pin", $"\"{GatewayClient.Pin}\""), ("status", "\"idle\""), ("completed", "true"), ("muted", "true"), ("userId", $"\"{(random.Next(10) == 0 ? user.Value : Guid.NewGuid().ToString())}\""),
            ("jtoken", "\"x\""), ("sdp", JsonSerializer.Serialize(new { type = "offer", sdp = Sdp.Offer() })),
        ];
        return $"{{{string.Join(',', given.Where(_ => random.Next(6) > 0).Select(member => Member(member.Name, random.Next(6) == 0 ? Pick(Values) : member.Json)))}}}";
    }

    private byte[] Noise()
    {
        var noise = new byte[random.Next(0, 200)];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Cut(byte[] frame) => frame[..random.Next(frame.Length)];

    private byte[] Flip(byte[] frame)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        return frame;
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private static string Member(string name, string json) => $"\"{name}\":{json}";
}
