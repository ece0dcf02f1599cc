using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>Every command in every state, at one glance. The stories behind the cells are told in the other files.</summary>
public sealed class RoomTableTests
{
    private const string Table =
        """
                                 | vacant         | created                         | on air               | forwarding
        CreateRoom               | room_created   | room_exists                     | room_exists          | room_exists
        StartLive                | room_not_found | live_started                    | -                    | -
        ReportJanusRoom          | room_not_found | not_assigned                    | janus_room_created   | -
        ReportMixerPort          | room_not_found | not_assigned                    | mixer_port_allocated | -
        ReportForwarding         | room_not_found | not_assigned                    | stale_forwarding     | -
        ReportForwardingStopped  | room_not_found | not_assigned                    | -                    | forwarding_stopped
        ReportJanusRoomDestroyed | room_not_found | not_assigned                    | -                    | forwarding_stopped, janus_room_destroyed
        ReportMixerReleased      | room_not_found | not_assigned                    | -                    | forwarding_stopped, mixer_released
        ReassignModules          | room_not_found | room_not_on_air                 | modules_reassigned   | modules_reassigned
        RemoveRoom               | room_not_found | removal_requested, room_deleted | removal_requested    | removal_requested
        DiscardRoom              | room_not_found | room_not_removing               | room_not_removing    | room_not_removing
        AdmitAnchor              | room_not_found | anchor_admitted                 | anchor_admitted      | anchor_admitted
        ReportAnchorJoined       | room_not_found | room_not_on_air                 | anchor_joined        | anchor_joined
        ReportAnchorLeft         | room_not_found | anchor_left                     | anchor_left          | anchor_left

                                 | removed        | removing                                 | mixer gone
        CreateRoom               | room_created   | room_exists                              | room_exists
        StartLive                | room_not_found | room_removing                            | room_removing
        ReportJanusRoom          | room_not_found | room_removing                            | room_removing
        ReportMixerPort          | room_not_found | room_removing                            | room_removing
        ReportForwarding         | room_not_found | room_removing                            | room_removing
        ReportForwardingStopped  | room_not_found | forwarding_stopped                       | -
        ReportJanusRoomDestroyed | room_not_found | forwarding_stopped, janus_room_destroyed | janus_room_destroyed, room_deleted
        ReportMixerReleased      | room_not_found | forwarding_stopped, mixer_released       | -
        ReassignModules          | room_not_found | room_removing                            | room_removing
        RemoveRoom               | room_not_found | -                                        | -
        DiscardRoom              | room_not_found | room_deleted                             | room_deleted
        AdmitAnchor              | room_not_found | room_removing                            | room_removing
        ReportAnchorJoined       | room_not_found | room_removing                            | room_removing
        ReportAnchorLeft         | room_not_found | anchor_left                              | anchor_left
        """;

    private static readonly RoomEvent Admitted = new RoomEvent.AnchorAdmitted(Room, Ann, Role.Anchor, At(5));

    private static readonly Dictionary<string, RoomEvent[]> States = new()
    {
        ["vacant"] = [],
        ["removed"] = Removed,
        ["created"] = [Created, Admitted],
        ["on air"] = [.. OnAir, Admitted],
        ["forwarding"] = [.. Flowing, Admitted],
        ["removing"] = [.. Flowing, Admitted, RemovalAsked],
        ["mixer gone"] = [.. Flowing, Admitted, RemovalAsked, Stopped, MixerGone],
    };

    private static readonly Dictionary<string, RoomCommand> Commands = new RoomCommand[]
    {
        new CreateRoom(Room, "xyz789", 3, At(100)),
        new StartLive(Room, Janus, Mixer, Nonce, At(100)),
        new ReportJanusRoom(Room, Janus, Nonce, 4_000_000_001, At(100)),
        new ReportMixerPort(Room, Mixer, Nonce, "10.0.0.5", 10_000, 3_001, At(100)),
        new ReportForwarding(Room, Janus, 4_000_000_001, "10.0.0.5", 10_000, At(100)),
        new ReportForwardingStopped(Room, Janus, At(100)),
        new ReportJanusRoomDestroyed(Room, Janus, At(100)),
        new ReportMixerReleased(Room, Mixer, At(100)),
        new ReassignModules(Room, OtherJanus, OtherMixer, "janus_gone", At(100)),
        new RemoveRoom(Room, "requested", At(100)),
        new DiscardRoom(Room, At(100)),
        new AdmitAnchor(Room, Bob, Role.Anchor, At(100)),
        new ReportAnchorJoined(Room, Ann, At(100)),
        new ReportAnchorLeft(Room, Ann, "left", At(100)),
    }.ToDictionary(command => command.GetType().Name);

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var block in Table.Split("\n\n"))
        {
            var rows = block.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToArray();
            foreach (var row in rows[1..])
                for (var column = 1; column < row.Length; column++)
                    cells.Add(rows[0][column], row[0], row[column]);
        }

        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public void A_command_in_a_state_has_this_outcome(string state, string command, string expected) =>
        Assert.Equal(expected, Describe(Given.History(States[state]).When(Commands[command]).Decision));

    [Theory, MemberData(nameof(Cells))]
    public void The_same_command_again_records_nothing(string state, string command, string expected)
    {
        var room = Given.History(States[state]);
        var first = room.When(Commands[command]).Decision;
        var again = RoomDecider.Decide(after(first), Commands[command]);
        Assert.Equal(first is Decision<RoomEvent>.Refused ? expected : "-", Describe(again));

        RoomState after(Decision<RoomEvent> decision) =>
            decision is Decision<RoomEvent>.Accepted { Events: var events } ? events.Aggregate(room.State, RoomDecider.Evolve) : room.State;
    }

    [Fact]
    public void The_table_has_a_cell_for_every_command_in_every_state()
    {
        var commands = typeof(RoomCommand).GetNestedTypes().Select(type => type.Name);
        var cells = from state in States.Keys from command in commands select (state, command);
        Assert.Equal(cells.Order(), Cells().Select(cell => (cell.Data.Item1, cell.Data.Item2)).Order());
    }

    [Fact]
    public void The_table_starts_from_every_state_there_is()
    {
        var states = typeof(RoomState).GetNestedTypes().Where(type => !type.IsAbstract);
        Assert.Equal(states.ToHashSet(), States.Values.Select(history => Given.Fold(history).GetType()).ToHashSet());
    }

    private static string Describe(Decision<RoomEvent> decision) => decision switch
    {
        Decision<RoomEvent>.Refused { Why.Code: var code } => code,
        Decision<RoomEvent>.Accepted { Events.IsEmpty: true } => "-",
        Decision<RoomEvent>.Accepted { Events: var events } => string.Join(", ", events.Select(EventTypes.Of<RoomEvent>().NameOf)),
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };
}
