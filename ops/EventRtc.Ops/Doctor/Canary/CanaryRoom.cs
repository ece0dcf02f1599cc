using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>The canary's room over REST.</summary>
internal sealed class CanaryRoom(string id, Rest rooms, Patience patience)
{
    /// <summary>An interrupted doctor goes when the removal is accepted, and does not watch it.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private bool mayExist;
    private bool wasShown;

    public string Id { get; } = id;

    public string Pin { get; } = RandomNumberGenerator.GetString("0123456789", 6);

    private string Path => $"api/rooms/{Id}";

    public async Task<bool> Create(Report report, CancellationToken ct)
    {
        try
        {
            mayExist = true; // from now on, until a refusal says otherwise
            var answer = await rooms.Send(HttpMethod.Post, "api/rooms", new { roomId = Id, pin = Pin, maxAnchors = 1, start = true }, ct: ct);
            mayExist = (int)answer.Status is < 400 or >= 500 && answer.Code is not "no_capacity";
            report.Demand(answer.Status is HttpStatusCode.Created, "room", answer.Status is HttpStatusCode.Created ? $"{Id} was accepted" : $"refused with {answer.Words}{answer.Trace}", Remedy(answer));
            return answer.Status is HttpStatusCode.Created;
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            report.Fail("room", $"the rooms service at {rooms.Url} {Reach.Why(fault)}", "Is a rooms service running? ROOMS_URL says where it is expected.");
            return false;
        }
    }

    public async Task<bool> GoesOnAir(Report report, CancellationToken ct)
    {
        JsonElement? seen = null;
        if (await patience.Until(async () => (seen = await Find(ct) ?? seen) is { } room && Text(room, "status") is "onair" && room.GetProperty("forwarding").GetBoolean(), ct) is { } took)
        {
            report.Ok("on air", $"{took.TotalSeconds:0.0} s later, by {Text(seen!.Value, "janusId")} and {Text(seen.Value, "mixerId")}");
            return true;
        }
        var (missing, next) = Obstacle(seen);
        report.Fail("on air", $"not after {DurationOption.Text(patience.Longest)}: {missing}", next);
        return false;
    }

    /// <summary>Removes the room and waits until it is gone; when the user interrupts it is only removed.</summary>
    public async Task Remove(Report report, CancellationToken ct)
    {
        if (!mayExist)
            return;
        using var parting = new CancellationTokenSource(Parting);
        var stop = ct.IsCancellationRequested ? parting.Token : ct;
        if (await Until(async () => (await rooms.Send(HttpMethod.Delete, Path, ct: stop)).Status is HttpStatusCode.OK or HttpStatusCode.NotFound, stop) is null)
            report.Fail("removal", $"{Id} could not be removed", $"Remove it when the rooms service answers again: curl -X DELETE {rooms.Url}{Path}. By itself it goes after HOUSEKEEPING's time for live rooms.");
        else if (!wasShown)
            report.Skip("removal", "accepted; as the room was never seen, its end cannot be seen either");
        else if (await Until(async () => (await rooms.Send(HttpMethod.Get, Path, ct: stop)).Status is HttpStatusCode.NotFound, stop) is { } took)
            report.Ok("removal", $"{Id} was gone {took.TotalSeconds:0.0} s later");
        else
            report.Fail("removal", $"{Id} is still there after {DurationOption.Text(patience.Longest)}", $"Its Janus or its mixer does not let go of it: 'eventrtc history {Id}' says which, that one's log says why. After a minute it is given up.");
    }

    /// <summary>Null as well when an interrupted doctor has no more time.</summary>
    private async Task<TimeSpan?> Until(Func<Task<bool>> look, CancellationToken stop)
    {
        try
        {
            return await patience.Until(look, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<JsonElement?> Find(CancellationToken ct)
    {
        var answer = await rooms.Send(HttpMethod.Get, Path, ct: ct);
        if (answer.Status is not HttpStatusCode.OK || answer.Json.ValueKind is not JsonValueKind.Object)
            return null;
        wasShown = true;
        return answer.Json.GetProperty("room");
    }

    private static string Remedy(RestAnswer answer) => answer switch
    {
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => "Show an operator's token: export EVENTRTC_TOKEN=$(eventrtc token --role operator --name doctor), with the deployment's JWT_SECRET. --no-canary leaves the canary out.",
        { Code: "no_capacity" } => "No Janus or no mixer takes a room: 'eventrtc modules' shows why. Unmark one (eventrtc unmark mixers/ID), or start another.",
        { Status: HttpStatusCode.ServiceUnavailable } => "Something that the rooms service needs is away, see 'services'.",
        _ => "The rooms service's log says more under that trace.",
    };

    private static (string Missing, string Next) Obstacle(JsonElement? seen) => seen switch
    {
        null => ("no view shows it", "The projector does not get it from the log to etcd, or the rooms service does not see etcd: see 'services' and 'lag'."),
        { } room when Text(room, "mixerId") is { } mixer && !room.TryGetProperty("rtpPort", out _) =>
            ($"{mixer} does not listen for its sound", $"If 'lag' and 'services' are well, see the log of {mixer}'s worker: does ffmpeg start, are there free ports in MIXER_RTP_PORTS?"),
        { } room when Text(room, "janusId") is { } janus =>
            ($"{janus} does not forward its sound", $"If 'lag' and 'services' are well, see the log of {janus}'s worker: does its Janus answer at JANUS_ADMIN_URL, and take that secret and key?"),
        _ => ("it was not started", "The rooms service's log says more."),
    };

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
