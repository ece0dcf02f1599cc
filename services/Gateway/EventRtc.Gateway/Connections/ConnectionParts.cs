using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Rooms;
using EventRtc.Hosting;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.Gateway.Connections;

/// <summary>What all connections share.</summary>
public sealed class ConnectionParts(
    IServiceProvider services, Lobby lobby, RoomDoor door, RoomDirectory rooms, JanusLinks links, JanusTokens tokens, UsersClient users,
    IEnumerable<TransientFailure> transient, ILogger<Connection> log, ILogger<WebSocketPeer> peerLog, TimeProvider clock)
{
    private readonly Type[] passing = [.. transient.Select(failure => failure.Exception), typeof(TimeoutException), typeof(RpcException)];

    public Lobby Lobby => lobby;

    public RoomDoor Door => door;

    public RoomDirectory Rooms => rooms;

    public JanusLinks Links => links;

    public JanusTokens Tokens => tokens;

    public UsersClient Users => users;

    public ILogger<Connection> Log => log;

    public ILogger<WebSocketPeer> PeerLog => peerLog;

    public TimeProvider Clock => clock;

    public WebSocketPeerOptions PeerOptions { get; } = new();

    public RpcMethods NewMethods() => services.NewRpcMethods();

    /// <summary>Nothing of ours is wrong; another service or server is.</summary>
    public bool IsPassing(Exception failure) => Array.Exists(passing, type => type.IsInstanceOfType(failure));
}
