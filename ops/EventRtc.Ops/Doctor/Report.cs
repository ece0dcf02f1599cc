namespace EventRtc.Ops.Doctor;

/// <summary>Collects what one check finds, from as many tasks as it has; what comes after the check's time is left out.</summary>
internal sealed class Report(string check)
{
    private readonly Lock gate = new();
    private readonly List<Finding> findings = [];
    private readonly List<Report> parts = [];
    private bool closed;

    /// <summary>For a task beside others: what it finds stands in the order in which the parts were made, whoever is done first.</summary>
    public Report Part()
    {
        var part = new Report(check);
        lock (gate)
            parts.Add(part);
        return part;
    }

    public void Ok(string about, string seen) => Add(about, Verdict.Ok, seen, null);

    public void Skip(string about, string why) => Add(about, Verdict.Skipped, why, null);

    /// <summary>A server that is needed for the look is away. What is found of that one says what to do; that this is not known is no good sign either.</summary>
    public void Unknown(string about, string why) => Add(about, Verdict.Warn, why, null);

    public void Warn(string about, string seen, string next) => Add(about, Verdict.Warn, seen, next);

    public void Fail(string about, string seen, string next) => Add(about, Verdict.Fail, seen, next);

    /// <summary>For what is either well or not.</summary>
    public void Demand(bool well, string about, string seen, string next)
    {
        if (well)
            Ok(about, seen);
        else
            Fail(about, seen, next);
    }

    /// <summary>Of the parts first, then of the whole.</summary>
    public IReadOnlyList<Finding> Close()
    {
        lock (gate)
        {
            closed = true;
            return [.. parts.SelectMany(part => part.Close()), .. findings];
        }
    }

    private void Add(string about, Verdict verdict, string seen, string? next)
    {
        lock (gate)
            if (!closed)
                findings.Add(new Finding(check, about, verdict, seen.ReplaceLineEndings(" "), next));
    }
}
