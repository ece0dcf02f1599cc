namespace EventRtc.Hls;

/// <summary>
/// How many listen: callers that fetched a playlist within the last ten to twenty seconds, told apart by address, browser and token. Players reload it every second; two in
/// one household with the same browser and token count once. An estimate, in bounded memory, and only a number leaves here. Replicas share the requests of each player, so that each sees
/// nearly all: the audience is the most that one of them sees, not their sum.
/// </summary>
public sealed class Audience(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Beyond it the number does not grow.</summary>
    private const int Most = 200_000;

    private readonly Lock mine = new();
    private HashSet<int> now = [];
    private HashSet<int> before = [];
    private long since = clock.GetTimestamp();

    public int Count
    {
        get
        {
            lock (mine)
            {
                Turn();
                return Math.Max(now.Count, before.Count);
            }
        }
    }

    public void Saw(HttpRequest request)
    {
        var headers = request.Headers;
        var who = HashCode.Combine(
            headers["X-Forwarded-For"].ToString(), request.HttpContext.Connection.RemoteIpAddress, headers.UserAgent.ToString(), headers.Authorization.ToString(), request.Path.Value);
        lock (mine)
        {
            Turn();
            if (now.Count < Most)
                now.Add(who);
        }
    }

    private void Turn()
    {
        var passed = clock.GetElapsedTime(since);
        if (passed < Window)
            return;
        (before, now) = (passed < 2 * Window ? now : [], []);
        since = clock.GetTimestamp();
    }
}
