using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Gateway.Rooms;

namespace EventRtc.Gateway.Connections;

/// <summary>Microphones in the mix, and what the host of a room may do to the others.</summary>
public sealed class Moderation(ConnectionParts parts, Visitor visitor, ConnectionMedia media)
{
    /// <summary>One's own microphone is one's own, but for a guest, who only listens; anybody else's is the host's.</summary>
    public async Task<object?> Mute(MuteMessage message, CancellationToken ct)
    {
        if (message.UserId is { } other && other != visitor.User)
        {
            RequireHost();
            await media.Mute(other, message.Muted, ct);
            return null;
        }
        if (visitor.Role is Role.Guest && !message.Muted)
            throw Refusals.ToRpc(TokenRejections.RoleInsufficient);
        await media.Mute(message.Muted, ct);
        return null;
    }

    public async Task<object?> Remove(UserId user, CancellationToken ct)
    {
        RequireHost();
        await parts.Users.Remove(new RemoveMember(visitor.Room, user, visitor.User), visitor.Actor, ct);
        return null;
    }

    /// <param name="command">Names the command, should it have to be repeated.</param>
    public async Task<object?> EndRoom(Guid command, CancellationToken ct)
    {
        RequireHost();
        await parts.Rooms.Send(new RoomCommand.RemoveRoom(visitor.Room, "host", parts.Clock.GetUtcNow(), visitor.User), command, ct, visitor.Actor);
        return null;
    }

    /// <summary>By its token; the rooms service looks whether it is a host of this very room.</summary>
    private void RequireHost()
    {
        if (visitor.Role is not Role.Host)
            throw Refusals.ToRpc(TokenRejections.RoleInsufficient);
    }
}
