using Spectre.Console;

namespace EventRtc.Ops.Doctor;

/// <summary>All that was found.</summary>
internal sealed record Diagnosis(IReadOnlyList<Finding> Findings)
{
    /// <summary>The worst there is.</summary>
    public Verdict Verdict => Findings.Select(finding => finding.Verdict).Append(Verdict.Ok).Max();

    /// <param name="strict">Warnings count as failures.</param>
    public int ExitCode(bool strict) => Verdict is Verdict.Fail || (strict && Verdict is Verdict.Warn) ? Failures.No : Failures.Done;

    /// <summary>A table of everything, then what is to be done, and in the last line how it is.</summary>
    public void Print()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Check", "About", "Verdict", "Seen");
        foreach (var finding in Findings)
            table.AddRow(finding.Check, Markup.Escape(finding.About), Coloured(finding.Verdict), Markup.Escape(finding.Seen));
        AnsiConsole.Write(table);
        foreach (var finding in Findings.Where(finding => finding.Next is not null).OrderByDescending(finding => finding.Verdict))
            AnsiConsole.MarkupLine($"{Coloured(finding.Verdict)} {finding.Check}, {Markup.Escape(finding.About)}: {Markup.Escape(finding.Seen)}\n     {Markup.Escape(finding.Next!)}");
        var counts = Findings.CountBy(finding => finding.Verdict).OrderByDescending(count => count.Key).Select(count => $"{count.Value} {Word(count.Key)}");
        AnsiConsole.WriteLine($"{Summary}: {string.Join(", ", counts)}.");
    }

    private string Summary => Verdict switch
    {
        Verdict.Fail => "Something is wrong",
        Verdict.Warn => "It works, and somebody should see to the warnings",
        _ => "All is well",
    };

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "FAIL",
        Verdict.Warn => "warn",
        Verdict.Skipped => "skipped",
        _ => "ok",
    };

    private static string Coloured(Verdict verdict) => verdict switch
    {
        Verdict.Fail => $"[red]{Word(verdict)}[/]",
        Verdict.Warn => $"[yellow]{Word(verdict)}[/]",
        Verdict.Skipped => $"[grey]{Word(verdict)}[/]",
        _ => $"[green]{Word(verdict)}[/]",
    };
}
