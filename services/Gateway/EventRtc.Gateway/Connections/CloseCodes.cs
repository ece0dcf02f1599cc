namespace EventRtc.Gateway.Connections;

/// <summary>What the gateway closes with, beside 1000.</summary>
public static class CloseCodes
{
    public const int Normal = 1000;
    public const int Restart = 1012;
    public const int Unauthorized = 4001;
    public const int HeldElsewhere = 4009;
    public const int RoomEnded = 4410;
}
