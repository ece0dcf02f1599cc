using System.Text;
using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Users.Presence;

/// <summary>
/// Who is in which room, in Redis (<c>rtcus:*</c>); each change is broadcast to every gateway. Times are Redis's own, so replicas need not agree.
/// Every change leaves a mark that the user is unsettled, until <see cref="Settled"/>: the room's log may say something else.
/// </summary>
/// <remarks>Generations are those of <see cref="JoinRoom.Generation"/>; one lower than the highest known of its user changes nothing.</remarks>
public sealed class RoomMembers(RedisClient redis)
{
    private const string RoomsKey = "rtcus:rooms";
    /// <summary>Rooms that are looked at together.</summary>
    private const int AtOnce = 32;

    private const string Late = "late";
    private const string Gone = "gone";
    private const string Voided = "void";

    private static readonly LuaScript Change = LuaScript.Prepare(Script("Presence.lua"));
    private static readonly LuaScript Older = LuaScript.Prepare(Script("Overdue.lua"));

    /// <summary>A connection means to join. It is not shown yet.</summary>
    /// <returns>False when it is late.</returns>
    public async Task<bool> Claim(RoomId room, UserId user, long generation, CancellationToken ct) => await Run("claim", room, user, ct, generation) is not Late;

    /// <summary>Puts a member there who has claimed to, and tells every gateway, also when nothing changed: a client that joins again wants to know who is there.</summary>
    /// <param name="displayName">Null for the one it has, or the beginning of its id.</param>
    /// <returns>The room's status; or why there is none.</returns>
    public async Task<(RoomStatus? Status, Outcome Outcome)> Put(RoomId room, UserId user, long generation, Role role, string status, string? displayName, CancellationToken ct)
    {
        var answer = await Run("put", room, user, ct, generation, DomainJson.Text(role), status, displayName ?? "");
        var outcome = Read(answer);
        return (outcome is Outcome.Done ? JsonSerializer.Deserialize<RoomStatus>(answer, DomainJson.Options) : null, outcome);
    }

    /// <summary>Keeps a member there.</summary>
    public async Task<Outcome> Renew(RoomId room, UserId user, long generation, Role role, string status, CancellationToken ct) =>
        Read(await Run("renew", room, user, ct, generation, DomainJson.Text(role), status));

    /// <summary>Takes a connection's member out, when it is there.</summary>
    /// <returns>False when it is late.</returns>
    public async Task<bool> Leave(RoomId room, UserId user, long generation, CancellationToken ct) => await Run("leave", room, user, ct, generation) is not Late;

    /// <summary>Takes a member out, whichever connection it has, when it is still as it was seen.</summary>
    /// <param name="eviction">What its gateway is told in the same step.</param>
    /// <returns>False when it is not.</returns>
    public async Task<bool> Drop(RoomId room, UserId user, string seen, Eviction? eviction, CancellationToken ct) =>
        await Run("drop", room, user, ct, seen, eviction is null ? "" : JsonSerializer.Serialize(eviction, DomainJson.Options)) is not Gone;

    /// <summary>Marks a user of whom presence knows anything, before the log changes; its claim, when there is one, is void.</summary>
    public Task Unsettle(RoomId room, UserId user, CancellationToken ct) => Run("unsettle", room, user, ct);

    /// <summary>Makes the user's claim void, when there is one: what it asked the log for may have been undone.</summary>
    public Task Void(RoomId room, UserId user, CancellationToken ct) => Run("void", room, user, ct);

    /// <summary>Removes the mark, when it is still as it was seen, and with it the last memory of a user who is not there.</summary>
    public Task Settled(RoomId room, UserId user, string seen, CancellationToken ct) => Run("settled", room, user, ct, seen);

    /// <summary>How a member is, to be compared with later; null for somebody who is not there.</summary>
    public async Task<string?> Find(RoomId room, UserId user, CancellationToken ct) => (string?)await redis.HashGetAsync(KeyOf(room), $"s:{user}", ct);

    /// <summary>Every user who was not renewed or not settled for so long. Redis looks through the rooms, and answers with those users alone.</summary>
    public async Task<IReadOnlyList<Overdue>> FindOverdue(TimeSpan silence, CancellationToken ct)
    {
        var now = (long)(await redis.ExecuteAsync(["TIME"], ct))[0];
        var overdue = new List<Overdue>();
        foreach (var rooms in (await redis.HashGetAllAsync(RoomsKey, ct)).Keys.Where(name => RoomId.TryParse(name, out _)).Select(name => new RoomId(name)).Chunk(AtOnce))
        {
            var found = await redis.ScriptEvaluateAsync(Older, [.. rooms.Select(KeyOf)], [now - (long)silence.TotalSeconds], ct);
            overdue.AddRange(Enumerable.Range(0, found.Length / 3)
                .Select(at => (Room: rooms[(int)(long)found[3 * at] - 1], Field: (string)found[3 * at + 1]!, Value: (string)found[3 * at + 2]!))
                .GroupBy(one => (one.Room, User: one.Field[2..]), one => KeyValuePair.Create(one.Field[0], one.Value))
                .Select(user => Read(user.Key.Room, new UserId(user.Key.User), user.ToDictionary())));
        }
        return overdue;
    }

    /// <summary>How many members all rooms have. Rooms change meanwhile, so under load it is true of no single moment.</summary>
    public async Task<long> Count(CancellationToken ct)
    {
        var count = 0L;
        await Parallel.ForEachAsync((await redis.HashGetAllAsync(RoomsKey, ct)).Keys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (room, token) =>
        {
            var fields = await redis.ExecuteAsync(["HKEYS", $"rtcus:r:{room}:us"], token);
            Interlocked.Add(ref count, Enumerable.Range(0, fields.Length).Count(at => ((string)fields[at]!).StartsWith("m:", StringComparison.Ordinal)));
        });
        return count;
    }

    private async Task<string> Run(string op, RoomId room, UserId user, CancellationToken ct, params RedisValue[] arguments) =>
        (string)(await redis.ScriptEvaluateAsync(
            Change, [KeyOf(room), RoomsKey, Broadcasts.Stream], [op, room.Value, user.Value, (long)Broadcasts.KeepFor.TotalMilliseconds, .. arguments], ct))!;

    private static Outcome Read(string answer) => answer switch
    {
        Late => Outcome.Late,
        Gone => Outcome.Gone,
        Voided => Outcome.Void,
        _ => Outcome.Done,
    };

    private static Overdue Read(RoomId room, UserId user, Dictionary<char, string> fields) => new(room, user, fields.GetValueOrDefault('s'), fields.GetValueOrDefault('u'));

    private static string KeyOf(RoomId room) => $"rtcus:r:{room}:us";

    private static string Script(string name)
    {
        using var reader = new StreamReader(typeof(RoomMembers).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>What came of a change.</summary>
public enum Outcome
{
    Done,

    /// <summary>A later connection of the user has spoken.</summary>
    Late,

    /// <summary>The member, or its claim, is not there.</summary>
    Gone,

    /// <summary>The claim was made void: claim again.</summary>
    Void,
}

/// <param name="Silent">How the member was seen, when it was not renewed in time.</param>
/// <param name="Unsettled">How the mark was seen, when the user was not settled in time.</param>
public sealed record Overdue(RoomId Room, UserId User, string? Silent, string? Unsettled);
