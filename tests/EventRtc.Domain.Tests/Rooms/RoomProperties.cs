using EventRtc.Projections;
using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.RoomState;
using static EventRtc.Domain.Tests.Properties;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>What holds whatever happens to a room.</summary>
public sealed class RoomProperties
{
    private static readonly EventTypes Types = EventTypes.Of<RoomEvent>();

    [Fact]
    public void A_command_repeated_decides_to_nothing_or_to_the_same_refusal() => ForEveryStep(step =>
        Assert.Equal(
            step.Decision is Decision<RoomEvent>.Refused ? step.Decision : Decision<RoomEvent>.Nothing,
            Step.Of(step.After, step.Command).Decision));

    [Fact]
    public void Commands_decided_as_one_record_what_they_record_one_by_one() => ForEveryLife(life =>
    {
        var accepted = life.Play().TakeWhile(step => step.Decision is Decision<RoomEvent>.Accepted).ToList();
        var asOne = RoomDecider.DecideAll(RoomDecider.Initial, accepted.Select(step => step.Command));
        Assert.Equal(Decision<RoomEvent>.All([.. accepted.SelectMany(step => step.Recorded)]), asOne);

        var refused = life.Play().Select(step => step.Decision).OfType<Decision<RoomEvent>.Refused>().FirstOrDefault();
        Assert.Equal(refused ?? asOne, RoomDecider.DecideAll(RoomDecider.Initial, life.Commands));
    });

    [Fact]
    public void What_is_recorded_bears_the_commands_room_and_time() => ForEveryStep(step =>
        Assert.All(step.Recorded, happened => Assert.Equal((step.Command.Room, step.Command.At), (happened.Room, happened.At))));

    [Fact]
    public void A_room_is_deleted_only_after_its_removal_was_requested() => ForEveryLife(life =>
    {
        var requested = false;
        foreach (var happened in life.History())
        {
            Assert.True(requested || happened is not RoomDeleted);
            requested = (requested || happened is RemovalRequested) && happened is not RoomDeleted;
        }
    });

    [Fact]
    public void Sound_flows_only_while_the_janus_room_and_the_port_are_known() => ForEveryStep(step =>
        Assert.False(step.After is Assigned { Live: { Forwarding: true } and ({ JanusRoomId: null } or { Port: null }) }));

    [Fact]
    public void A_forwarder_starts_and_stops_in_turn() => ForEveryStep(step =>
    {
        var flowing = step.Before is Assigned { Live.Forwarding: true };
        Assert.False(flowing && step.Recorded.Any(happened => happened is ForwardingStarted));
        Assert.False(!flowing && step.Recorded.Any(happened => happened is ForwardingStopped));
    });

    [Fact]
    public void Only_the_modules_that_hold_a_room_are_recorded() => ForEveryStep(step =>
    {
        if (step.Before is not Assigned { Live: var live })
            return;

        Assert.All(step.Recorded, happened => Assert.True(happened switch
        {
            JanusRoomCreated e => e.Janus == live.Janus,
            ForwardingStarted e => e.Janus == live.Janus,
            ForwardingStopped e => e.Janus == live.Janus,
            JanusRoomDestroyed e => e.Janus == live.Janus,
            MixerPortAllocated e => e.Mixer == live.Mixer,
            MixerReleased e => e.Mixer == live.Mixer,
            _ => true,
        }));
    });

    [Fact]
    public void A_speaker_who_joins_finds_a_free_place() => ForEveryStep(step =>
    {
        if (step is { After: Existing room, Recorded: [AnchorJoined e] } && room.Anchors.Find(e.User) is { Speaks: true })
            Assert.InRange(room.Anchors.PlacesInUse(e.At), 1, room.MaxAnchors);
    });

    [Fact]
    public void A_speaker_who_is_admitted_finds_a_free_place() => ForEveryStep(step =>
    {
        if (step is { After: Existing room, Recorded: [AnchorAdmitted { Role: not Role.Guest } e] })
            Assert.InRange(room.Anchors.PlacesInUse(e.At), 1, room.MaxAnchors);
    });

    [Fact]
    public void Never_more_speakers_are_in_a_room_than_it_has_places_whatever_the_clocks_say() => ForEveryStep(step =>
    {
        if (step.After is Existing room)
            Assert.InRange(room.Anchors.ByUser.Values.Count(anchor => anchor is { Speaks: true, Presence: Presence.Joined }), 0, room.MaxAnchors);
    });

    [Fact]
    public void Whatever_happened_a_room_can_be_removed_and_its_id_used_again() => ForEveryLife(life =>
    {
        var last = life.Play().LastOrDefault()?.After ?? RoomDecider.Initial;
        var at = Sample.At(1_000_000);
        var removed = Step.Of(Step.Of(last, new RemoveRoom(Sample.Room, "requested", at)).After, new DiscardRoom(Sample.Room, at)).After;
        Assert.IsType<Vacant>(removed);

        var again = Step.Of(removed, new CreateRoom(Sample.Room, "new456", 1, at)).After;
        Assert.Equal(new Created(Sample.Room, "new456", 1, at, Anchors.None), again);
    });

    [Fact]
    public void A_removal_ends_as_soon_as_both_modules_have_let_go() => ForEveryStep(step =>
        Assert.False(step.After is Removing { JanusDestroyed: true, MixerReleased: true }));

    [Fact]
    public void The_state_folded_from_the_store_is_the_state_kept_along_the_way() => ForEveryLife(life =>
    {
        var kept = life.Play().LastOrDefault()?.After ?? RoomDecider.Initial;
        var stored = life.History().Select(happened => (Name: Types.NameOf(happened), Json: EventTypes.Encode(happened))).ToList();
        Assert.Equal(kept, Given.Fold(stored.Select(line => (RoomEvent)Types.Decode(line.Name, line.Json))));
    });

    [Fact]
    public void Views_agree_with_the_state() => ForEveryLife(life =>
    {
        var views = RoomViews.Empty;
        foreach (var step in life.Play())
        {
            views = step.Recorded.Aggregate(views, (shown, happened) => shown.Apply(happened));
            Assert.Equal(Expected(step.After), Essence(views));
        }
    });

    [Fact]
    public void The_live_view_is_what_the_state_amounts_to() => ForEveryLife(life =>
    {
        LiveMeta? shown = null;
        foreach (var step in life.Play())
        {
            shown = step.Recorded.Aggregate(shown, LiveMeta.Apply);
            Assert.Equal(step.After is Assigned room ? LiveMeta.Of(room) : null, shown);
        }
    });

    [Fact]
    public void Views_folded_along_the_way_are_those_folded_from_the_start_or_read_from_their_keys() => ForEveryLife(life =>
    {
        var (keys, stored, history) = (new ViewKeys(), new Dictionary<string, ReadOnlyMemory<byte>>(), new List<RoomEvent>());
        foreach (var step in life.Play())
        {
            var before = RoomViews.Read(keys, Sample.Room, stored.Select(pair => (pair.Key, pair.Value)));
            var views = step.Recorded.Aggregate(before, (shown, happened) => shown.Apply(happened));
            history.AddRange(step.Recorded);
            Assert.Equal(RoomViews.Fold(history), views);

            foreach (var kind in Enum.GetValues<ViewKind>())
                if (views.Write(kind) is { } json)
                    stored[keys.Of(Sample.Room, kind)] = json;
                else
                    stored.Remove(keys.Of(Sample.Room, kind));
        }
    });

    [Fact]
    public void A_deleted_room_shows_nothing() => ForEveryLife(life =>
    {
        var views = RoomViews.Empty;
        foreach (var happened in life.History())
        {
            views = views.Apply(happened);
            Assert.True(views.IsEmpty || happened is not RoomDeleted);
        }
    });

    [Fact]
    public void The_lives_told_here_meet_every_event_and_every_refusal()
    {
        var steps = Samples(RoomLife.Any, 500).SelectMany(life => life.Play()).ToList();
        Assert.Equal(Types.Names.Order(), steps.SelectMany(step => step.Recorded).Select(Types.NameOf).Distinct().Order());

        var refusals = typeof(RoomRejections).GetProperties().Select(property => (Rejection)property.GetValue(null)!);
        Assert.Equal(
            refusals.Except([RoomRejections.NoCapacity, RoomRejections.Degraded]).Select(why => why.Code).Order(),
            steps.Select(step => step.Decision).OfType<Decision<RoomEvent>.Refused>().Select(refused => refused.Why.Code).Distinct().Order());
    }

    private static void ForEveryLife(Action<RoomLife> holds) => ForAll(RoomLife.Arbitrary, holds);

    private static void ForEveryStep(Action<Step> holds) => ForEveryLife(life => Assert.All(life.Play(), holds));

    private static Shown Expected(RoomState room) => room switch
    {
        Assigned { Live: var live } => new Shown(
            Exists: true,
            room is Removing ? LiveStatus.Removing : LiveStatus.OnAir,
            live.Janus,
            live.Mixer,
            live.Nonce,
            live.JanusRoomId,
            live.Forwarding,
            live.Port),
        Existing => new Shown(Exists: true, null, null, null, null, null, Forwarding: false, null),
        _ => new Shown(Exists: false, null, null, null, null, null, Forwarding: false, null),
    };

    private static Shown Essence(RoomViews views) => new(
        views.Meta is not null,
        views.Live?.Status,
        views.Live?.JanusId,
        views.Live?.MixerId,
        views.Live?.Nonce,
        views.Janus?.JanusRoomId,
        views.Janus?.Status is JanusStatus.Forwarding,
        views.Mixer is { } mixer ? new MixerPort(mixer.Ip, mixer.Port, mixer.HlsPort) : null);

    private sealed record Shown(
        bool Exists, string? Status, ModuleId? Janus, ModuleId? Mixer, string? Nonce, long? JanusRoomId, bool Forwarding, MixerPort? Port);
}
