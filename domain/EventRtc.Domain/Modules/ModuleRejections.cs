namespace EventRtc.Domain;

/// <summary>Every way in which a command on a module is refused.</summary>
public static class ModuleRejections
{
    /// <summary>An event of the module is of an unknown type, or its body is broken: nothing can be decided on what followed it until an operator has looked.</summary>
    public static Rejection Degraded { get; } = new(
        RejectionKind.Unavailable, "module_degraded", "An event of the module cannot be read; operators find it with 'eventrtc parked list'.", Retryable: true);
}
