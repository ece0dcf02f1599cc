namespace EventRtc.Domain;

/// <summary>The words of <see cref="RoomEvent.AnchorLeft"/> that mean more than what an auditor reads in them.</summary>
public static class LeaveReasons
{
    /// <summary>Nothing was heard of somebody who had joined. Who has not joined yet cannot fall silent: the admission stands.</summary>
    public const string Inactive = "inactive";

    /// <summary>Somebody in charge took the user out, who has to be admitted anew before joining again.</summary>
    public const string Removed = "removed";
}
