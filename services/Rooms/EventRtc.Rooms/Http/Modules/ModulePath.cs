using EventRtc.Domain;

namespace EventRtc.Rooms.Http.Modules;

/// <summary>The module that an address names.</summary>
internal static class ModulePath
{
    private static readonly string Types = string.Join(" or ", ModuleKinds.All.Select(kind => kind.Plural()));

    /// <returns>After a fault any.</returns>
    public static ModuleRef Read(string type, string id, out List<string> faults)
    {
        faults = [];
        if (ModuleKinds.OfPlural(type) is not { } kind)
        {
            faults.Add($"type: must be {Types}");
            kind = default;
        }
        if (!ModuleId.TryParse(id, out var module))
            faults.Add($"id: must be {ModuleId.MinLength} to {ModuleId.MaxLength} of A-Z a-z 0-9 _ -");
        return new ModuleRef(kind, module);
    }
}
