using System.Collections;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Logging;

/// <summary>Ids that lines carry while an errand is under way, wherever they are written.</summary>
public static class LogIds
{
    /// <summary>Every line until the end of the scope has these: <c>log.With(("Room", room), ("Command", id))</c>. What is null is left out.</summary>
    public static IDisposable? With(this ILogger log, params (string Name, object? Value)[] ids) =>
        log.BeginScope(Array.ConvertAll(Array.FindAll(ids, id => id.Value is not null), id => KeyValuePair.Create(id.Name, id.Value)));
}

/// <summary>What is known of one HTTP call; it learns its command's id on the way.</summary>
/// <param name="Correlation">The errand that the call belongs to.</param>
/// <param name="OfRoute">What the address names.</param>
internal sealed record CallIds(string? Correlation, IReadOnlyList<KeyValuePair<string, object?>> OfRoute) : IEnumerable<KeyValuePair<string, object?>>
{
    public Guid? Command { get; set; }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        foreach (var id in OfRoute)
            yield return id;
        if (Command is { } command)
            yield return new(nameof(Command), command);
        if (Correlation is not null)
            yield return new(nameof(Correlation), Correlation);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
