using System.Text;
using EventRtc.Domain.Tests.Rooms;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests;

/// <summary>What is in the store is read for ever. Golden/ holds one body for each stored name that was ever written; its files are only added to.</summary>
public sealed class GoldenTests
{
    private static readonly EventTypes[] Families = [EventTypes.Of<RoomEvent>(), EventTypes.Of<AuditEvent>(), EventTypes.Of<ModuleEvent>()];

    /// <summary>What each golden body says; a former name's says what it was turned into.</summary>
    private static readonly Dictionary<string, object> Said = new()
    {
        ["room_created"] = Created,
        ["live_started"] = Started,
        ["janus_room_created"] = JanusRoom,
        ["mixer_port_allocated"] = Port,
        ["forwarding_started"] = Forwarding,
        ["forwarding_stopped"] = Stopped,
        ["mixer_released"] = MixerGone,
        ["janus_room_destroyed"] = JanusGone,
        ["modules_reassigned"] = new RoomEvent.ModulesReassigned(Room, OtherJanus, OtherMixer, "n2", "janus_lost", At(80)),
        ["removal_requested"] = RemovalAsked,
        ["room_deleted"] = Deleted,
        ["anchor_admitted"] = new RoomEvent.AnchorAdmitted(Room, Ann, Role.Host, At(81)),
        ["anchor_joined"] = new RoomEvent.AnchorJoined(Room, Ann, At(82.25)),
        ["anchor_left"] = new RoomEvent.AnchorLeft(Room, Ann, "inactive", At(83)),
        ["module_marked"] = new ModuleEvent.ModuleMarked(ModuleKind.Janus, Janus, "draining", At(84), At(3600.5)),
        ["module_mark_removed"] = new ModuleEvent.ModuleMarkRemoved(ModuleKind.Mixer, Mixer, At(85)),
        ["log_exported"] = new AuditEvent.LogExported("auditor:ann", At(0), 42, 4_000_000_001, string.Concat(Enumerable.Repeat("0123456789abcdef", 4)), Masked: true, [Room]),
    };

    public static TheoryData<string> Names => [.. Families.SelectMany(family => family.Names)];

    [Fact]
    public void Every_stored_name_has_its_golden_file_and_no_file_is_left_over() =>
        Assert.Equal(
            Families.SelectMany(family => family.Names.Concat(family.FormerNames)).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_golden_body_is_read_as_what_it_said()
    {
        foreach (var family in Families)
            foreach (var name in family.Names.Concat(family.FormerNames))
                // By their bodies, because lists are equal only to themselves.
                Assert.Equal(Text(Said[name]), Text(family.Decode(name, Encoding.UTF8.GetBytes(Golden(name)))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Todays_events_are_written_byte_for_byte_as_ever(string name) => Assert.Equal(Golden(name), Text(Said[name]));

    /// <summary>Its golden body is from before a removal said until when it waits.</summary>
    [Fact]
    public void A_removal_says_until_when_it_waits()
    {
        var waits = ((RoomEvent.RemovalRequested)RemovalAsked) with { DiscardAt = At(52.5) };
        var body = Golden("removal_requested")[..^1] + ""","discardAt":"2025-03-01T12:00:52.5+00:00"}""";

        Assert.Equal(body, Text(waits));
        Assert.Equal(waits, Families[0].Decode("removal_requested", Encoding.UTF8.GetBytes(body)));
        Assert.Equal((At(52.5), At(110)), (waits.WaitsUntil, ((RoomEvent.RemovalRequested)RemovalAsked).WaitsUntil));
    }

    [Fact]
    public void What_is_written_is_what_was_read()
    {
        foreach (var happened in Said.Values.OfType<RoomEvent>())
            Assert.Equal(happened, Families[0].Decode(Families[0].NameOf(happened), EventTypes.Encode(happened)));
        foreach (var happened in Said.Values.OfType<ModuleEvent>())
            Assert.Equal(happened, Families[2].Decode(Families[2].NameOf(happened), EventTypes.Encode(happened)));
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    private static string Golden(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.json")).TrimEnd('\n');

    private static string Text(object happened) => $"{Encoding.UTF8.GetString(EventTypes.Encode(happened))}";
}
