namespace EventRtc.Projections;

/// <summary>The views of one room, each under its own key.</summary>
public enum ViewKind
{
    /// <summary><see cref="RoomMeta"/>, key <c>meta</c>.</summary>
    Meta,

    /// <summary><see cref="LiveMeta"/>, key <c>livemeta</c>.</summary>
    Live,

    /// <summary><see cref="JanusView"/>, key <c>janus</c>.</summary>
    Janus,

    /// <summary><see cref="MixerView"/>, key <c>mixer</c>.</summary>
    Mixer,

    /// <summary><see cref="DegradedView"/>, key <c>degraded</c>.</summary>
    Degraded,
}
