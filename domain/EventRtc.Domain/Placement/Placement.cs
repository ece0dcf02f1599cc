using System.Collections.Immutable;

namespace EventRtc.Domain;

/// <summary>Chooses the module for a room: filter the fit, then pick one at random, so that rooms spread without anybody keeping count.</summary>
public static class Placement
{
    private const string Ready = "ready";

    /// <summary>The candidates that may take one more room: healthy, marked ready or not at all, and with room left; in the order given.</summary>
    public static ImmutableArray<Candidate> Fit(IEnumerable<Candidate> candidates) => [.. candidates.Where(IsFit)];

    /// <param name="randomness">Gets the number of the fit, at least 1, and gives an index below it, e.g. <c>Random.Shared.Next</c>.</param>
    /// <returns>Null when no candidate is fit.</returns>
    public static ModuleId? Pick(IEnumerable<Candidate> candidates, Func<int, int> randomness)
    {
        var fit = Fit(candidates);
        return fit.IsEmpty ? null : fit[randomness(fit.Length)].Id;
    }

    private static bool IsFit(Candidate candidate) =>
        candidate is { Healthy: true, Label: null or Ready, Capacity: > 0 } && candidate.Streams < candidate.Capacity;
}
