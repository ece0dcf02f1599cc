namespace EventRtc.Janus.Admin;

/// <summary>An AudioBridge room to be created: 48 kHz, private, for WebRTC participants only.</summary>
/// <param name="Number">1 to 2^53 - 1: JSON readers in browsers keep no more digits.</param>
/// <param name="Description">Free text that <c>list</c> returns; we keep our room's name there.</param>
/// <param name="Pin">What each participant must give to join.</param>
public sealed record NewBridge(long Number, string Description, string Pin);

/// <summary>An AudioBridge room as <c>list</c> shows it.</summary>
public sealed record Bridge(long Number, string Description, int Participants);

/// <summary>Who is in an AudioBridge room.</summary>
/// <param name="Talking">Null until the participant's first talking event.</param>
public sealed record BridgeParticipant(long Id, string? Display, bool Setup, bool Muted, bool? Talking);

/// <summary>An RTP forwarder of a room's mix.</summary>
/// <param name="StreamId">Janus's handle for stopping it.</param>
/// <param name="AlwaysOn">Sends silence while nobody is in the room.</param>
public sealed record Forwarder(long StreamId, string Ip, int Port, string Codec, int PayloadType, bool AlwaysOn);
