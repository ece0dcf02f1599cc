using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Users;

/// <summary>Whatever the connections of a user say at once, and whoever dies over it: in the end the highest generation has its way, in Redis and in the room's log.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class PresenceRaceTests(ControlPlane plane)
{
    private const int Users = 4;
    private const int CallsAtOnce = 6;

    private static CancellationToken Ct => CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Log_and_presence_agree_when_all_calls_are_answered(int seed)
    {
        await using var replica = plane.Replica(plane.Deployment.Users);
        await replica.Start();
        var lanes = await NewLanes(seed);
        for (var round = 0; round < 25; round++)
        {
            await Task.WhenAll(lanes.Select(lane => lane.Round()));
            foreach (var lane in lanes)
                Assert.True(await lane.Agrees(), $"seed {seed}, round {round}: {await lane.Describe()}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Log_and_presence_agree_in_the_end_when_a_process_is_killed_over_it(int seed)
    {
        await using var victim = plane.Replica(plane.Deployment.Users);
        await using var controller = plane.ControllerOfItsOwn(expireAfter: "6s", answerWithin: "5s"); // longer than the victim's requests live
        await Task.WhenAll(victim.Start(), controller.Start());
        var random = new Random(seed);
        var lanes = await NewLanes(seed);

        var rounds = lanes.Select(lane => lane.Rounds(12)).ToList();
        var unharmed = random.Next(20, Users * CallsAtOnce * 6);
        await Eventually.True(() => lanes.Sum(lane => lane.Answered) >= unharmed, ControlPlane.Patience, "the processes are busy");
        await victim.Kill();
        await Task.WhenAll(rounds);

        await Eventually.True(async () =>
        {
            await Task.WhenAll(lanes.Select(lane => lane.KeepAlive()));
            return (await Task.WhenAll(lanes.Select(lane => lane.Agrees()))).All(agrees => agrees);
        }, ControlPlane.Patience, $"with seed {seed}, all agree");
    }

    private async Task<IReadOnlyList<Lane>> NewLanes(int seed)
    {
        var room = new RoomId(await plane.Create(new { start = true, maxAnchors = 5 }));
        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => plane.Admit(room.Value)));
        return [.. users.Select((user, n) => new Lane(plane, room, user.User, new Random((seed * 100) + n)))];
    }

    /// <summary>One user, whose connections talk at once: each call is of a generation of its own, and they are sent in any order.</summary>
    private sealed class Lane(ControlPlane plane, RoomId room, UserId user, Random random)
    {
        private int answered;
        private long last;
        private bool wanted;

        public int Answered => Volatile.Read(ref answered);

        public async Task Rounds(int count)
        {
            for (var round = 0; round < count; round++)
                await Round();
        }

        public async Task Round()
        {
            var generations = Enumerable.Range(0, CallsAtOnce).Select(_ => ++last).ToArray();
            var calls = generations.Select(generation => (Generation: generation, Stays: random.Next(2) == 0, Joins: random.Next(3) > 0)).ToArray();
            wanted = calls[^1].Stays;
            random.Shuffle(calls);
            await Task.WhenAll(calls.Select(call => Call(call.Generation, call.Stays, call.Joins)));
        }

        public Task KeepAlive() => wanted ? plane.Presence.Report(new(room, user, Role.Anchor, last, "onair"), Ct) : Task.CompletedTask;

        public async Task<bool> Agrees() => await plane.IsShown(room, user) == wanted && (await plane.Recorded(room, user) == "joined") == wanted;

        public async Task<string> Describe() =>
            $"{user} is {(wanted ? "there" : "gone")} by generation {last}, shown: {await plane.IsShown(room, user)}, recorded as {await plane.Recorded(room, user)}";

        private async Task Call(long generation, bool stays, bool joins)
        {
            Task call = (stays, joins) switch
            {
                (true, true) => plane.Presence.Join(new(room, user, Role.Anchor, generation), Ct),
                (true, false) => plane.Presence.Report(new(room, user, Role.Anchor, generation, "onair"), Ct),
                _ => plane.Presence.Leave(new(room, user, generation, "left"), Ct),
            };
            try
            {
                await call;
            }
            catch (RpcException late) when (Refusals.Of(late) is { Code: "taken_over" })
            {
                // A higher generation was faster.
            }
            Interlocked.Increment(ref answered);
        }
    }
}
