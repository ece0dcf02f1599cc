namespace EventRtc.Hosting.Processes;

/// <summary>What to run, and how it is to end.</summary>
/// <param name="FileName">An executable, looked up in PATH when it holds no slash.</param>
/// <param name="Arguments">Handed over as they are: no shell is between.</param>
public sealed record ProcessSpec(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>The child's folder; the parent's own when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set on top of the parent's; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Runs the child as this user; needs root. The parent's user when null.</summary>
    public string? RunAs { get; init; }

    /// <summary>What the kernel sends the child when its parent dies, also on kill -9: TERM, INT, KILL ...</summary>
    public string DeathSignal { get; init; } = "TERM";

    /// <summary>What asks the child to end; <see cref="ChildProcess.Stop"/> sends it and waits.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>Called with each line of stdout and stderr, from a pool thread; must not block.</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>The signals we send, by their Linux numbers.</summary>
public enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
