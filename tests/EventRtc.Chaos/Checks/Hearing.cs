using EventRtc.Domain;
using EventRtc.Chaos.Load;
using EventRtc.Local;
using EventRtc.Projections;

namespace EventRtc.Chaos.Checks;

/// <summary>Every room on air is heard: its playlist goes on, and the newest segment can be had.</summary>
internal static class Hearing
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static async Task<TimeSpan> Check(Deployment deployment, Stores stores, Record record, CancellationToken ct)
    {
        var heard = new Dictionary<RoomId, (Listener Listener, int Times)>();
        return await Settling.Within(Limit, record, "after the last fault", async () =>
        {
            var silent = new List<string>();
            foreach (var (room, _) in (await LogAtRest.Read(stores, ct)).Rooms().Where(room => room.Value.Live?.Status is LiveStatus.OnAir))
            {
                var (listener, times) = heard.TryGetValue(room, out var known) ? known : (new Listener(deployment, record, room.Value), 0);
                heard[room] = (listener, times += times < 2 && await listener.Hear(ct) ? 1 : 0);
                if (times < 2) // the first one may be of before the fault
                    silent.Add($"{room} is on air, and cannot be listened to");
            }
            return silent;
        });
    }
}
