using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Rooms.Modules;

namespace EventRtc.Rooms.Http.Modules;

/// <summary>DELETE /api/modules/{type}/{id}/mark: also where there is none.</summary>
public static class RemoveMark
{
    public static async Task<IResult> Handle(string type, string id, HttpContext http, ModuleCommands modules, TimeProvider clock, CancellationToken ct)
    {
        var module = ModulePath.Read(type, id, out var faults);
        if (faults is not [])
            return ApiErrors.Invalid(faults);
        var remove = new ModuleCommand.RemoveMark(module.Kind, module.Id, clock.GetUtcNow());
        return await modules.Handle(remove, Caller.Of(http), ct) is Handled<ModuleState>.Refused refused
            ? Refusals.ToHttp(refused.Why)
            : Results.Ok(new RemoveRoom.Answer("The module has no mark."));
    }
}
