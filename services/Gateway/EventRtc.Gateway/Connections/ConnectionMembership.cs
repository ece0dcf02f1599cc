using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;

namespace EventRtc.Gateway.Connections;

/// <summary>What one connection has to do with who is in the room: it makes its user a member, says what the user does, and is told of all.</summary>
/// <param name="notify">Tells the browser: a method and its parameters.</param>
/// <param name="close">Closes the connection.</param>
public sealed class ConnectionMembership(ConnectionParts parts, Visitor visitor, Action<string, object> notify, Action<Closing> close)
{
    private readonly StatusFeed statuses = new(status => notify("roomStatus", status));
    private volatile bool member;
    private long letIn;
    private int counted;

    /// <summary>The user may be a member, for all that is known: it is told what members are.</summary>
    public bool IsMember => member;

    /// <summary>The users service has said so of this very place: the user may act. A token alone may be of somebody who was removed, or of an earlier room.</summary>
    /// <param name="generation">Of the connection's place.</param>
    public bool IsLetIn(long generation) => Volatile.Read(ref letIn) == generation;

    /// <param name="generation">Of the connection's place.</param>
    /// <exception cref="RpcException">Refused, for good or for the moment; for the moment the user may be a member all the same.</exception>
    public async Task Join(long generation, string? displayName, CancellationToken ct)
    {
        try
        {
            // From now on, as a status that is told to all may overtake the answer, and an answer that is lost may have let us in.
            member = true;
            var status = await parts.Users.Join(new JoinRoom(visitor.Room, visitor.User, visitor.Role, generation, displayName), ct);
            LetIn(generation);
            Tell(status);
        }
        catch (RpcException refused) when (IsForGood(refused))
        {
            member = false;
            throw;
        }
    }

    public static bool IsForGood(RpcException refused) => Refusals.Of(refused) is { Kind: not RejectionKind.Unavailable };

    /// <summary>Says that the user is still there, and what it does.</summary>
    /// <exception cref="RpcException">Refused; when the user has its place no longer, the connection is closed too.</exception>
    public async Task Report(string status, long generation, CancellationToken ct)
    {
        try
        {
            await parts.Users.Report(new ReportStatus(visitor.Room, visitor.User, visitor.Role, generation, status), ct);
            LetIn(generation); // a join whose answer was lost is made good by it
        }
        catch (RpcException refused) when (refused.Reason == PresenceRejections.TakenOver.Code)
        {
            close(Closing.TakenOver);
            throw;
        }
        catch (RpcException refused) when (refused.Reason == RoomRejections.NotAdmitted.Code)
        {
            close(Closing.Removed);
            throw;
        }
    }

    /// <summary>Tells a member who is in the room, unless it knows better already.</summary>
    public void Tell(RoomStatus status)
    {
        if (member)
            statuses.Pass(status);
    }

    /// <summary>Called once more when nothing of the connection runs any longer.</summary>
    /// <returns>Whether there was one to end.</returns>
    public bool End()
    {
        if (Interlocked.Exchange(ref counted, 0) is 1)
            GatewayTelemetry.Left(visitor.Role);
        return Interlocked.Exchange(ref member, false);
    }

    private void LetIn(long generation)
    {
        Volatile.Write(ref letIn, generation);
        if (Interlocked.Exchange(ref counted, 1) is 0)
            GatewayTelemetry.Entered(visitor.Role);
    }
}
