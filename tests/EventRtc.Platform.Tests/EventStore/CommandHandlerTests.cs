using EventRtc.Domain;
using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>With a tally as the smallest aggregate there is: it adds, and it refuses to go past its limit.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class CommandHandlerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly StreamId Stream = new("tally-1");

    private PostgresEventStore store = null!;

    public async ValueTask InitializeAsync() => store = await postgres.NewStore();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_decision_is_recorded_under_who_gave_the_command()
    {
        using var activity = new System.Diagnostics.Activity("test").Start();
        var context = new CommandContext(Guid.NewGuid(), "user:ada", "errand-1");

        Assert.Equal(new Handled<int>.Done(5, 1, Appended: true), await Tally().Handle(Stream, 5, context));

        var stored = Assert.Single(await store.ReadStream(Stream));
        Assert.Equal(("added", EventId.For(context.CommandId, 0)), (stored.Type, stored.Id));
        Assert.Equal(new EventHeaders("user:ada", context.CommandId, "errand-1", activity.Id), stored.Headers);
    }

    [Fact]
    public async Task A_repeated_command_gets_the_answer_it_would_have_got()
    {
        var context = Context();
        await Tally().Handle(Stream, 1, Context());
        var first = await Tally().Handle(Stream, 5, context);
        await Tally().Handle(Stream, 3, Context());

        Assert.Equal(first, await Tally().Handle(Stream, 5, context));
        Assert.Equal(3, (await store.ReadStream(Stream)).Count);
    }

    [Fact]
    public async Task A_refusal_and_a_decision_for_nothing_record_nothing()
    {
        await Tally().Handle(Stream, 1, Context());

        Assert.Equal(new Handled<int>.Done(1, 1, Appended: false), await Tally().Handle(Stream, 0, Context()));
        Assert.Equal("past_the_limit", Assert.IsType<Handled<int>.Refused>(await Tally().Handle(Stream, 1000, Context())).Why.Code);
        Assert.Single(await store.ReadStream(Stream));
    }

    [Fact]
    public async Task Commands_at_once_are_decided_one_after_another()
    {
        var tally = Tally();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => tally.Handle(Stream, 10, Context())));

        // The limit is 100: whoever decides on a stale tally would go past it.
        Assert.Equal(10, answers.OfType<Handled<int>.Done>().Count());
        Assert.All(answers.OfType<Handled<int>.Refused>(), refused => Assert.Equal("past_the_limit", refused.Why.Code));
        Assert.Equal(10, (await store.ReadStream(Stream)).Count);
    }

    [Fact]
    public async Task Two_tries_of_one_command_at_once_agree_although_they_decide_differently()
    {
        var context = Context();

        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => Tally().Handle(Stream, _ => new TallyEvent.Added(n), context)));

        Assert.Single(answers.Distinct());
        Assert.Single(await store.ReadStream(Stream));
    }

    [Fact]
    public async Task A_stream_that_never_comes_to_rest_is_refused_after_three_more_tries()
    {
        var others = Tally();
        var tries = 0;

        var refused = Assert.IsType<Handled<int>.Refused>(await Tally().Handle(Stream, _ =>
        {
            tries++;
            Task.Run(() => others.Handle(Stream, 1, Context())).Wait();
            return new TallyEvent.Added(1);
        }, Context()));

        Assert.Equal((RejectionKind.Conflict, "too_many_changes", true), (refused.Why.Kind, refused.Why.Code, refused.Why.Retryable));
        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task What_an_operator_skipped_is_not_decided_on_whether_it_can_be_read_or_not()
    {
        await Tally().Handle(Stream, 5, Context());
        await Tally().Handle(Stream, 3, Context());
        var first = (await store.ReadStream(Stream))[0];

        await store.Parked.Park(new ParkedEvent(first.Position, Stream, 1, first.Type, "a test", first.At));
        Assert.Equal(new Handled<int>.Done(8, 2, Appended: false), await Tally().Handle(Stream, 0, Context()));
        await store.Parked.Skip(first.Position, "ann", first.At);
        Assert.Equal(new Handled<int>.Done(3, 2, Appended: false), await Tally().Handle(Stream, 0, Context()));
    }

    private CommandHandler<int, int, TallyEvent> Tally() => new(store, 0,
        evolve: (tally, e) => tally + ((TallyEvent.Added)e).Number,
        decide: (tally, number) => number switch
        {
            0 => Decision<TallyEvent>.Nothing,
            _ when tally + number > 100 => new Rejection(RejectionKind.Conflict, "past_the_limit", "Too much."),
            _ => new TallyEvent.Added(number),
        },
        TimeProvider.System);

    private static CommandContext Context() => new(Guid.NewGuid(), "user:ada", "errand");

    public abstract record TallyEvent
    {
        [Event("added")]
        public sealed record Added(int Number) : TallyEvent;

        private TallyEvent() { }
    }
}
