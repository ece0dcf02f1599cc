using EventRtc.Domain;

namespace EventRtc.Gateway.Rooms;

/// <summary>Where a room's sound is mixed, for one live session on one Janus.</summary>
/// <param name="Address">The Janus's WebSocket.</param>
/// <param name="JanusRoom">The AudioBridge room; another number after every restart of the Janus.</param>
/// <param name="Nonce">Of the live session.</param>
public sealed record MediaPlace(ModuleId Janus, Uri Address, long JanusRoom, string Pin, string Nonce);
