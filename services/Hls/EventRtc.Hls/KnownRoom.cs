using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>A room as its views show it now, or showed it last.</summary>
/// <param name="Mixer">Who serves it, or did last; null before the first one is known.</param>
/// <param name="SeenAt">When its views were there last; a timestamp.</param>
public sealed record KnownRoom(LiveMeta Live, MixerView? Mixer, long SeenAt)
{
    /// <summary>Who served the same live session before; null when nobody did, or long ago.</summary>
    public MixerView? Former { get; private init; }

    /// <summary>Since when it is the former one; a timestamp.</summary>
    public long FormerSince { get; private init; }

    /// <summary>Whether <see cref="Mixer"/> has given a playlist since.</summary>
    public bool HasTakenOver { get; init; }

    /// <summary>Whom to ask for the playlist, in this order.</summary>
    public IEnumerable<MixerView> PlaylistSources => HasTakenOver ? Of(Mixer) : SegmentSources;

    /// <summary>Whom to ask for segments: players fetch those that the former mixer's playlist told them of.</summary>
    public IEnumerable<MixerView> SegmentSources => [.. Of(Mixer), .. Of(Former)];

    /// <summary>The same room a moment later.</summary>
    internal KnownRoom Next(LiveMeta live, MixerView? mixer, long now, bool formerLasts)
    {
        if (live.Nonce != Live.Nonce)
            return new KnownRoom(live, mixer, now);
        if (mixer is not null && Mixer is not null && mixer.Id != Mixer.Id)
            return new KnownRoom(live, mixer, now) { Former = Mixer, FormerSince = now };
        return this with { Live = live, Mixer = mixer ?? Mixer, SeenAt = now, Former = formerLasts ? Former : null };
    }

    private static IEnumerable<MixerView> Of(MixerView? mixer) => mixer is null ? [] : [mixer];
}
