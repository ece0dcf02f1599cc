using System.Collections.Immutable;

namespace EventRtc.Domain;

/// <summary>
/// Chooses the module for a room: of the fit two are drawn at random and the less loaded one is taken. Many that choose at once on the same news spread nevertheless, which
/// they would not by taking the least loaded.
/// </summary>
public static class Placement
{
    /// <summary>The candidates that may take one more room, in the order given.</summary>
    public static ImmutableArray<Candidate> Fit(IEnumerable<Candidate> candidates) => [.. candidates.Where(candidate => candidate.IsPickable)];

    /// <param name="randomness">Gets a number, at least 1, and gives an index below it, e.g. <c>Random.Shared.Next</c>.</param>
    /// <returns>Null when no candidate is fit.</returns>
    public static ModuleId? Pick(IEnumerable<Candidate> candidates, Func<int, int> randomness)
    {
        var fit = Fit(candidates);
        if (fit.Length < 2)
            return fit.IsEmpty ? null : fit[0].Id;
        var first = randomness(fit.Length);
        var second = (first + 1 + randomness(fit.Length - 1)) % fit.Length;
        return fit[fit[second].Load < fit[first].Load ? second : first].Id;
    }
}
