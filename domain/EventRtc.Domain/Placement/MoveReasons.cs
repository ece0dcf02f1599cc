namespace EventRtc.Domain;

/// <summary>Why a room was given other modules: the words of <see cref="RoomEvent.ModulesReassigned"/>.</summary>
public static class MoveReasons
{
    /// <summary>The module gives no sign of life: <c>janus_gone</c>, <c>mixer_gone</c>.</summary>
    public static string Gone(ModuleKind kind) => $"{kind.Word()}_gone";

    /// <summary>The module says of itself that it is unwell or stops, or was marked unready.</summary>
    public static string Unstable(ModuleKind kind) => $"{kind.Word()}_unstable";

    /// <summary>An operator empties the module.</summary>
    public static string Draining(ModuleKind kind) => $"{kind.Word()}_draining";

    /// <summary>The module holds more rooms than it can.</summary>
    public static string Overloaded(ModuleKind kind) => $"{kind.Word()}_overloaded";

    /// <summary>The module tried and cannot hold this room.</summary>
    public static string Failed(ModuleKind kind) => $"{kind.Word()}_failed";
}
