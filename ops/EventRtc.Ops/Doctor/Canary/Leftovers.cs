using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>Canaries of doctors that were killed. They are shown and not removed: somebody may have given a room of theirs such a name.</summary>
internal static partial class Leftovers
{
    public const string Prefix = "doctor-";

    /// <summary>Longer than a doctor takes; a younger one may be another doctor's.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(10);

    public static async Task Tell(Report report, Rest rooms, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            var answer = await rooms.Send(HttpMethod.Get, $"api/rooms?limit=100&after={Prefix}", ct: ct);
            if (answer.Status is not HttpStatusCode.OK || answer.Json.ValueKind is not JsonValueKind.Object)
                return; // who may not list rooms may not make one either, which is told of there
            var left = answer.Json.GetProperty("rooms").EnumerateArray()
                .Where(room => Name().IsMatch(room.GetProperty("roomId").GetString()!) && room.GetProperty("createdAt").GetDateTimeOffset() + Old < clock.GetUtcNow())
                .Select(room => room.GetProperty("roomId").GetString()!).ToList();
            if (left.Count > 0)
                report.Warn("left over", $"canaries of doctors that were killed: {string.Join(", ", left)}", $"Remove them: curl -X DELETE {rooms.Url}api/rooms/{left[0]}");
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            return; // the next step says so
        }
    }

    [GeneratedRegex("^doctor-[0-9a-f]{6}$")]
    private static partial Regex Name();
}
