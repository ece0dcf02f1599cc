using EventRtc.Domain;
using EventRtc.Janus.Admin;
using EventRtc.Janus.Rooms;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;

namespace EventRtc.Services.Tests.Janus;

/// <summary>The Janus worker as the process that it is, with a real Janus. Its clocks run fast.</summary>
public class JanusRig : WorkerRig
{
    internal const string Project = "services/Janus/EventRtc.Janus";

    internal JanusServer Server { get; private set; } = null!;

    internal JanusAdmin Janus { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server = await JanusServer.Start(Sub("janus"));
        Janus = new JanusAdmin(new JanusAccess(Server.AdminUrl, Server.AdminSecret, Server.AdminKey, TimeSpan.FromSeconds(5)));
        await Start("janus-worker", Project, Settings(JanusId, Server));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Janus.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A worker's settings for one Janus.</summary>
    internal static Dictionary<string, string?> Settings(ModuleId id, JanusServer server) => new(StringComparer.Ordinal)
    {
        ["JANUS_ID"] = id.Value,
        ["JANUS_ADMIN_URL"] = $"{server.AdminUrl}",
        ["JANUS_ADMIN_SECRET"] = server.AdminSecret,
        ["JANUS_ADMIN_KEY"] = server.AdminKey,
        ["JANUS_WS_URL"] = $"{server.WebSocketUrl}",
        ["JANUS_RECHECK"] = "300ms",
        ["JANUS_PROBE"] = "100ms",
        ["JANUS_TIMEOUT"] = "500ms",
        ["JANUS_MOVE_AFTER"] = "3",
        ["JANUS_HANDOVER_PATIENCE"] = "3s",
        ["JANUS_HANDOVER_GRACE"] = "1s",
        ["JANUS_HANDOVER_OVERLAP"] = "2s", // long enough to be looked at
        ["JANUS_ARRIVAL_PATIENCE"] = "2.5s",
    };

    internal static RoomCommand.ReportMixerPort MixerPort(RoomId room, string nonce, int port) =>
        new(room, MixerId, nonce, "127.0.0.1", port, 3001, RoomsInMemory.Now);

    /// <summary>A room on air whose bridge forwards to that port.</summary>
    internal async Task<RoomId> Forwarding(int port)
    {
        var (room, nonce) = (NewRoom(), NewNonce());
        await StartLive(room, nonce);
        await Rooms.Do(MixerPort(room, nonce, port));
        await UntilForwarding(room);
        return room;
    }

    internal Task UntilForwarding(RoomId room) =>
        Eventually.True(() => Rooms.Views(room).Janus is { Status: JanusStatus.Forwarding }, Patience, "it forwards");

    internal async Task<IReadOnlyList<Bridge>> BridgesOf(RoomId room) =>
        [.. (await Janus.ListRooms(default)).Where(bridge => BridgeName.Read(bridge.Description)?.Room == room)];

    /// <summary>What Janus has of a room: each bridge with its forwarders, comparable.</summary>
    internal async Task<IReadOnlyList<string>> HeldOf(RoomId room)
    {
        var held = new List<string>();
        foreach (var bridge in await BridgesOf(room))
            held.Add($"{bridge} {string.Join(' ', await Janus.ListForwarders(bridge.Number, default))}");
        return held;
    }

    /// <summary>All views of the room vanish; nobody has asked for that.</summary>
    internal Task LoseViews(RoomId room) => Rooms.Show(room, RoomViews.Empty);

    /// <summary>The worker has asked the log of the room, more than once.</summary>
    internal async Task HasAsked(RoomId room)
    {
        var before = Rooms.Questions(room, "janus");
        await Eventually.True(() => Rooms.Questions(room, "janus") >= before + 2, Patience, "the worker asks what the log says, and asks again");
    }
}
