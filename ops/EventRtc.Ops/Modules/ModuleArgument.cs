using System.CommandLine;
using EventRtc.Domain;

namespace EventRtc.Ops.Modules;

/// <summary>A module by its name, <c>januses/janus-1</c>; or by its id alone where only one kind knows it.</summary>
internal static class ModuleArgument
{
    public static Argument<string> Named() => new("MODULE") { Description = "januses/ID or mixers/ID; the ID alone for a module that 'eventrtc modules' shows." };

    /// <exception cref="RefusedException">No module, or not one alone, is meant.</exception>
    /// <inheritdoc cref="RoomsService.List"/>
    public static async Task<ModuleRef> Find(RoomsService rooms, string given, CancellationToken ct)
    {
        var (type, id) = given.Split('/') is [var first, var second] ? (first, second) : (null, given);
        if (!ModuleId.TryParse(id, out var module) || (type is not null && ModuleKinds.OfPlural(type) is null))
            throw new RefusedException($"'{given}' is no module: write januses/janus-1 or mixers/mixer-1.");
        if (ModuleKinds.OfPlural(type) is { } kind)
            return new ModuleRef(kind, module);
        var known = (await rooms.Modules(ct)).Where(now => now.Id == module).ToList();
        return known is [var only] ? new ModuleRef(ModuleKinds.OfPlural(only.Type)!.Value, module)
            : throw new RefusedException($"{(known is [] ? "No module" : "More than one module")} has the id '{id}': write januses/{id} or mixers/{id}.");
    }
}
