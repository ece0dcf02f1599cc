using EventRtc.Chaos.Faults;
using EventRtc.Local;

namespace EventRtc.Chaos.Load;

/// <summary>All users of a run.</summary>
internal sealed class Crowd(Deployment deployment, Caller caller, Record record, Aim aim, int seed)
{
    private readonly List<RoomLife> lives = [];

    public IReadOnlyList<string> Rooms => [.. Enumerable.Range(0, aim.Rooms + aim.BriefRooms).Select(NameOf)];

    /// <summary>Until the round is over; then each room stays as it is, and everything that was sent has been answered.</summary>
    public Task Live(CancellationToken over)
    {
        if (lives.Count == 0)
            lives.AddRange(Enumerable.Range(0, aim.Rooms + aim.BriefRooms).Select(i => new RoomLife(deployment, caller, record, NameOf(i), new Random(unchecked((seed * 1000) + i)))));
        return Task.WhenAll(lives.Select((life, i) => Task.Run(() => life.Live(brief: i >= aim.Rooms, aim.Crowd, over), CancellationToken.None)));
    }

    public Task Remove() => Task.WhenAll(lives.Take(aim.Rooms).Select(life => life.Remove()));

    private static string NameOf(int number) => $"chaos-{number}";
}
