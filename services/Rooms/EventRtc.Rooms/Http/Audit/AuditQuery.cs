using System.Globalization;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>Reads the query of an audit call value by value and gathers every fault.</summary>
internal sealed class AuditQuery(IQueryCollection query)
{
    private readonly List<string> faults = [];

    public IReadOnlyList<string> Faults => faults;

    public DateTimeOffset? Time(string name) => Read(name, IsoTime.Rule, IsoTime.Parse);

    /// <param name="least">0 is the state before the first event.</param>
    public long? Version(string name, long least = 1) => Read<long>(
        name, $"a whole number from {least} upwards",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null);

    public void Refuse(string fault) => faults.Add(fault);

    private T? Read<T>(string name, string rule, Func<string, T?> read) where T : struct
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        var value = read(text);
        if (value is null)
            faults.Add($"{name}: must be {rule}");
        return value;
    }
}

/// <summary>What several audit calls answer alike.</summary>
internal static class AuditAnswers
{
    public static IResult NotFound => Refusals.ToHttp(RoomRejections.NotFound);

    /// <summary>404, with what there is instead.</summary>
    public static IResult NotYet(string code, string message) => ApiErrors.Answer(StatusCodes.Status404NotFound, new ApiError(message, code));

    public static IResult Degraded(UndecodableEventException fault) => ApiErrors.Answer(
        StatusCodes.Status503ServiceUnavailable,
        new ApiError(RoomRejections.Degraded.Message, RoomRejections.Degraded.Code, RoomRejections.Degraded.Retryable, [fault.Message]));
}
