using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.JsonRpc;
using EventRtc.Projections;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/stats: rooms by their views, participants by the users service; without one of the two there is no answer, because a number would be a lie.</summary>
public static class GetStats
{
    /// <param name="ActiveRooms">On air.</param>
    /// <param name="Participants">Members of all rooms, guests included; listeners are not known.</param>
    public sealed record Stats(int TotalRooms, int ActiveRooms, long Participants);

    public sealed record Answer(Stats Stats)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(RoomDirectory rooms, UsersClient users, CancellationToken ct)
    {
        rooms.RequireSynced();
        var all = rooms.All().Values.Where(views => views.Meta is not null).ToList();
        try
        {
            var participants = (await users.Count(ct)).Members;
            return Results.Ok(new Answer(new Stats(all.Count, all.Count(views => views.Live is { Status: LiveStatus.OnAir }), participants)));
        }
        catch (RpcException refused) when (Refusals.Of(refused) is { } why)
        {
            return Refusals.ToHttp(why);
        }
    }
}
