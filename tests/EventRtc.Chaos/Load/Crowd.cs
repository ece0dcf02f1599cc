using EventRtc.Chaos.Faults;
using EventRtc.Local;

namespace EventRtc.Chaos.Load;

/// <summary>All users of a run.</summary>
internal sealed class Crowd(Deployment deployment, Caller caller, Record record, Aim aim, int seed)
{
    private readonly List<RoomLife> lives =
        [.. Enumerable.Range(0, aim.Rooms).Select(i => new RoomLife(deployment, caller, record, NameOf(i), new Random(SeedOf(seed, i))))];

    private readonly IReadOnlyList<Random> brief = [.. Enumerable.Range(aim.Rooms, aim.BriefRooms).Select(i => new Random(SeedOf(seed, i)))];

    /// <summary>Those that anybody is in.</summary>
    public IReadOnlyList<string> Rooms => [.. Enumerable.Range(0, aim.Rooms).Select(NameOf)];

    /// <summary>Until the round is over; then each room stays as it is, and everything that was sent has been answered.</summary>
    public Task Live(CancellationToken over) => Task.WhenAll(
    [
        .. lives.Select(life => Task.Run(() => life.Live(aim.Crowd, over), CancellationToken.None)),
        .. brief.Select((random, i) => Task.Run(() => MakeAndRemove(NameOf(aim.Rooms + i), random, over), CancellationToken.None)),
    ]);

    public Task Remove() => Task.WhenAll(lives.Select(life => life.Remove()));

    /// <summary>Now the same id again, now one that was never there.</summary>
    private async Task MakeAndRemove(string name, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            await new RoomLife(deployment, caller, record, random.Next(2) == 0 ? name : $"{name}-{random.Next():x}", random).Pass();
    }

    private static string NameOf(int number) => $"chaos-{number}";

    private static int SeedOf(int seed, int actor) => unchecked((seed * 1000) + actor);
}
