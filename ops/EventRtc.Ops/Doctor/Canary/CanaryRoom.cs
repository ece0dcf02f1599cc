using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>The canary's room over REST.</summary>
internal sealed class CanaryRoom(string id, Rest rooms, Patience patience)
{
    /// <summary>An interrupted doctor goes when the removal is accepted, and does not watch it.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private Made made = Made.No;
    private bool wasShown;
    private long asked;

    private enum Made
    {
        No,

        /// <summary>No answer told; it may also be made yet.</summary>
        Perhaps,
        Yes,
    }

    public string Id { get; } = id;

    public string Pin { get; } = RandomNumberGenerator.GetString("0123456789", 6);

    private string Path => $"api/rooms/{Id}";

    public async Task<bool> Create(Report report, CancellationToken ct)
    {
        try
        {
            (made, asked) = (Made.Perhaps, patience.Clock.GetTimestamp());
            // Not to be interrupted: what was made is known only by the answer, for which the client does not wait long.
            var answer = await rooms.Send(HttpMethod.Post, "api/rooms", new { roomId = Id, pin = Pin, maxAnchors = 1, start = true }, ct: CancellationToken.None);
            made = answer.Status is HttpStatusCode.Created ? Made.Yes : answer is { Code: "no_capacity" } or { Status: < HttpStatusCode.InternalServerError } ? Made.No : Made.Perhaps;
            ct.ThrowIfCancellationRequested();
            report.Demand(answer.Status is HttpStatusCode.Created, "room", answer.Status is HttpStatusCode.Created ? $"{Id} was accepted" : $"refused with {answer.Words}{answer.Trace}", Remedy(answer));
            return answer.Status is HttpStatusCode.Created;
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            made = Reach.WasNotReached(fault) ? Made.No : made;
            report.Fail("room", $"the rooms service at {rooms.Url} {Reach.Why(fault)}", "Is a rooms service running? ROOMS_URL says where it is expected.");
            return false;
        }
    }

    public async Task<bool> GoesOnAir(Report report, CancellationToken ct)
    {
        JsonElement? seen = null;
        if (await patience.Until(async () => (seen = await Find(ct) ?? seen) is { } room && Text(room, "status") is "onair" && room.GetProperty("forwarding").GetBoolean(), ct) is not null)
        {
            report.Ok("on air", $"{patience.Clock.GetElapsedTime(asked).TotalSeconds:0.0} s after it was asked for, by {Text(seen!.Value, "janusId")} and {Text(seen.Value, "mixerId")}");
            return true;
        }
        var (missing, next) = Obstacle(seen);
        report.Fail("on air", $"not after {DurationOption.Text(patience.Longest)}: {missing}", next);
        return false;
    }

    /// <summary>Removes the room and waits until it is gone; when the user interrupts it is only removed.</summary>
    public async Task Remove(Report report, CancellationToken ct)
    {
        if (made is Made.No)
            return;
        using var stop = new CancellationTokenSource();
        await using var interrupted = ct.Register(() => stop.CancelAfter(Parting)); // also when it was before
        var last = HttpStatusCode.NoContent; // no answer yet
        if (await Until(async () => IsRemoved(last = (await rooms.Send(HttpMethod.Delete, Path, ct: stop.Token)).Status), stop.Token) is not null)
            await WatchGoing(report, ct);
        else if (last is HttpStatusCode.NotFound)
            report.Skip("removal", "there was nothing to remove: the room was not made");
        else
            TellOfRemains(report, ct);
    }

    /// <summary>Whoever interrupts sees no findings, and is told in a line.</summary>
    private void TellOfRemains(Report report, CancellationToken ct)
    {
        var (seen, next) = (
            $"{Id} could not be removed{(made is Made.Yes ? "" : ", if it was made at all")}",
            $"Remove it when the rooms service answers again: curl -X DELETE {rooms.Url}{Path}. By itself it goes after HOUSEKEEPING_OVER_AGE, 3 h by default.");
        report.Fail("removal", seen, next);
        if (ct.IsCancellationRequested)
            Console.Error.WriteLine($"eventrtc: {seen}. {next}");
    }

    /// <summary>A room of which nobody knows whether it was made may be made yet.</summary>
    private bool IsRemoved(HttpStatusCode answer) => answer is HttpStatusCode.OK || (answer is HttpStatusCode.NotFound && made is Made.Yes);

    private async Task WatchGoing(Report report, CancellationToken ct)
    {
        if (!wasShown)
            report.Skip("removal", "accepted; as the room was never seen, its end cannot be seen either");
        else if (await Until(async () => (await rooms.Send(HttpMethod.Get, Path, ct: ct)).Status is HttpStatusCode.NotFound, ct) is { } took)
            report.Ok("removal", $"{Id} was gone {took.TotalSeconds:0.0} s later");
        else
            report.Fail("removal", $"{Id} is still there after {DurationOption.Text(patience.Longest)}", $"Its Janus or its mixer does not let go of it: 'eventrtc history {Id}' says which, that one's log says why. After HOUSEKEEPING_DISCARD_AFTER, a minute by default, it is given up.");
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
