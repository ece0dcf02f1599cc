using EventRtc.Reconciling;
using Xunit;

namespace EventRtc.Platform.Tests.Reconciling;

/// <summary>The agenda against a model so plain that it is right by looking at it, over random histories.</summary>
public sealed class AgendaTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(10);

    [Fact]
    public void Random_histories_agree_with_the_model()
    {
        for (var seed = 0; seed < 2_000; seed++)
            new History(new Random(seed), seed).Play(steps: 200);
    }

    /// <summary>Each news leaves a place behind that is due much later; a busy key must not pile them up.</summary>
    [Fact]
    public void However_often_keys_are_hurried_the_heap_stays_small()
    {
        var agenda = new Agenda<int>(First, Last);
        for (var turn = 0; turn < 10_000; turn++)
        {
            var now = TimeSpan.FromMilliseconds(turn);
            agenda.Schedule(turn % 10, now);
            while (agenda.TryStart(now, out var key))
                agenda.Succeeded(key, again: now + TimeSpan.FromHours(1));
            Assert.InRange(agenda.Places, 0, 2 * 10 + 65);
        }
    }

    private sealed class History(Random random, int seed)
    {
        private readonly Agenda<int> agenda = new(First, Last);
        private readonly Dictionary<int, (TimeSpan Due, int Order)> waiting = [];
        private readonly Dictionary<int, int> failures = [];
        private readonly HashSet<int> running = [];
        private TimeSpan now;
        private int order;

        public void Play(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (random.Next(5))
                {
                    case 0 or 1: Schedule(random.Next(6), now + TimeSpan.FromMilliseconds(random.Next(4) * random.Next(400))); break;
                    case 2: now += TimeSpan.FromMilliseconds(random.Next(300)); break;
                    case 3: Start(); break;
                    case 4 when running.Count > 0: End(running.ElementAt(random.Next(running.Count))); break;
                }
                Assert.True(agenda.NextDue == NextDue(), $"seed {seed}, step {step}: next due is {agenda.NextDue}, should be {NextDue()}");
            }
        }

        private void Schedule(int key, TimeSpan due)
        {
            agenda.Schedule(key, due);
            failures[key] = 0;
            Wait(key, due);
        }

        private void Start()
        {
            var expected = waiting.Where(w => !running.Contains(w.Key) && w.Value.Due <= now).OrderBy(w => w.Value.Due).ThenBy(w => w.Value.Order).Select(w => (int?)w.Key).FirstOrDefault();
            var started = agenda.TryStart(now, out var key);
            Assert.True((started ? key : null) == expected, $"seed {seed}: started {(started ? key : null)}, should have been {expected}");
            if (!started)
                return;
            waiting.Remove(key);
            running.Add(key);
        }

        private void End(int key)
        {
            running.Remove(key);
            if (random.Next(2) == 0)
            {
                failures[key] = 0;
                var again = random.Next(2) == 0 ? now + TimeSpan.FromMilliseconds(random.Next(500)) : (TimeSpan?)null;
                agenda.Succeeded(key, again);
                if (again is { } due)
                    Wait(key, due);
                return;
            }
            var pause = First;
            for (var i = 0; i < failures.GetValueOrDefault(key); i++)
                pause = pause * 2 < Last ? pause * 2 : Last;
            failures[key] = failures.GetValueOrDefault(key) + 1;
            Wait(key, now + pause);
            Assert.Equal(waiting[key].Due, agenda.Failed(key, now));
        }

        private void Wait(int key, TimeSpan due)
        {
            if (!waiting.TryGetValue(key, out var known) || due < known.Due)
                waiting[key] = (due, order++);
        }

        private TimeSpan? NextDue() => waiting.Where(w => !running.Contains(w.Key)).Select(w => (TimeSpan?)w.Value.Due).Min();
    }
}
