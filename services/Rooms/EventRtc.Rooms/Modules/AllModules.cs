using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Modules;

/// <summary>Every module that there is, was marked, or holds rooms, with what is known of it at this moment.</summary>
public sealed class AllModules(
    RoomDirectory rooms, [FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers)
{
    /// <summary>Whether all of it is known; before that an empty answer means nothing.</summary>
    public bool Synced => rooms.Synced && januses.Synced && mixers.Synced;

    /// <exception cref="TimeoutException">etcd is away: answered 503, where "no modules" would be a lie.</exception>
    public void RequireSynced()
    {
        rooms.RequireSynced();
        januses.RequireSynced();
        mixers.RequireSynced();
    }

    /// <summary>In the order of their kinds and ids.</summary>
    public IReadOnlyList<KnownModule> List()
    {
        var lives = rooms.All().Values.Select(views => views.Live).OfType<LiveMeta>().ToList();
        return
        [
            .. List(ModuleKind.Janus, januses, lives.CountBy(live => live.JanusId).ToDictionary()),
            .. List(ModuleKind.Mixer, mixers, lives.CountBy(live => live.MixerId).ToDictionary()),
        ];
    }

    private static IEnumerable<KnownModule> List(ModuleKind kind, ModuleDirectory directory, Dictionary<ModuleId, int> assigned)
    {
        var seen = directory.All();
        return seen.Keys.Union(assigned.Keys).OrderBy(id => id.Value, StringComparer.Ordinal)
            .Select(id => new KnownModule(new ModuleRef(kind, id), seen.GetValueOrDefault(id), assigned.GetValueOrDefault(id)));
    }
}

/// <param name="Rooms">Assigned to it, those that are being removed included: it has not let go of them yet.</param>
public sealed record KnownModule(ModuleRef Module, ModuleSeen Seen, int Rooms);
