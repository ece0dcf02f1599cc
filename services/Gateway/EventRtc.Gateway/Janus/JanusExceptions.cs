namespace EventRtc.Gateway.Janus;

/// <summary>A Janus could not do what was asked. For a client all of these pass: it joins again, there or at another Janus.</summary>
public abstract class JanusException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The Janus cannot be reached, or the connection to it ended, and with it all sessions over it.</summary>
public sealed class JanusLostException(Uri address, Exception? inner = null) : JanusException($"Janus at {address} is not connected", inner);

/// <summary>The Janus, or its AudioBridge, answered with an error.</summary>
public sealed class JanusRefusedException(int code, string reason) : JanusException($"Janus refused ({code}): {reason}")
{
    public const int NoSuchSession = 458, NoSuchHandle = 459, UnknownDescription = 464, InvalidDescription = 465, NotInRoom = 487, NoSuchParticipant = 492;

    /// <summary>Janus's own, below 480, or the AudioBridge's.</summary>
    public int Code { get; } = code;
}
