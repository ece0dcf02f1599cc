using EventRtc.Rooms.Modules;

namespace EventRtc.Rooms.Http.Modules;

/// <summary>GET /api/modules: every Janus and mixer with a heartbeat, a mark or a room assigned to it; read from etcd, so a mark may show a few milliseconds late.</summary>
public static class ListModules
{
    public sealed record Answer(int Count, IReadOnlyList<ModuleAnswer> Modules)
    {
        public bool Success { get; } = true;
    }

    public static IResult Handle(AllModules modules)
    {
        modules.RequireSynced();
        var all = modules.List().Select(ModuleAnswer.Of).ToList();
        return Results.Ok(new Answer(all.Count, all));
    }
}
