using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Projections;

/// <summary>View <c>mixer</c>: where the room's mixer listens.</summary>
/// <param name="Ip">Address of the mixer for both ports.</param>
/// <param name="Port">RTP over UDP.</param>
/// <param name="HlsPort">HTTP: playlist and segments.</param>
public sealed record MixerView(ModuleId Id, string Ip, int Port, int HlsPort)
{
    public static MixerView? Apply(MixerView? view, RoomEvent happened) => (view, happened) switch
    {
        (_, MixerPortAllocated e) => new MixerView(e.Mixer, e.Ip, e.Port, e.HlsPort),
        ({ } v, ModulesReassigned e) => e.Mixer == v.Id ? v : null,
        (_, MixerReleased or RoomDeleted) => null,
        _ => view,
    };
}
