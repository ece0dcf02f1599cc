using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Gateway.Janus;
using EventRtc.Gateway.Limits;
using EventRtc.Gateway.Locks;
using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.Gateway.Connections;

/// <summary>What all connections share.</summary>
public sealed class ConnectionParts(
    IServiceProvider services, Lobby lobby, RoomDoor door, RoomWatch watch, JanusLinks links, JanusTokens tokens, ParkedMedia parked, ConnectionLocks locks,
    VisitorLimits limits, UsersClient users, RoomsClient rooms, PassingFailures passing, IHostApplicationLifetime lifetime, ILogger<Connection> log, ILogger<WebSocketPeer> peerLog, TimeProvider clock)
{
    public Lobby Lobby => lobby;

    public RoomDoor Door => door;

    public RoomWatch Watch => watch;

    public JanusLinks Links => links;

    public JanusTokens Tokens => tokens;

    public ParkedMedia Parked => parked;

    public ConnectionLocks Locks => locks;

    public VisitorLimits Limits => limits;

    public UsersClient Users => users;

    public RoomsClient Rooms => rooms;

    public PassingFailures Passing => passing;

    public ILogger<Connection> Log => log;

    public ILogger<WebSocketPeer> PeerLog => peerLog;

    public TimeProvider Clock => clock;

    public WebSocketPeerOptions PeerOptions { get; } = new();

    /// <summary>The gateway is about to end.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public RpcMethods NewMethods() => services.NewRpcMethods();
}
