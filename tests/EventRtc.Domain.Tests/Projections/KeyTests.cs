using EventRtc.Projections;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Projections;

public sealed class KeyTests
{
    private static readonly ViewKeys Keys = new();
    private static readonly ModuleKeys Januses = new(ModuleKeys.JanusPrefix);

    [Fact]
    public void Views_lie_at_the_contracts_keys()
    {
        Assert.Equal("/rooms/studio-1/meta", Keys.Meta(Room));
        Assert.Equal("/rooms/studio-1/livemeta", Keys.Live(Room));
        Assert.Equal("/rooms/studio-1/janus", Keys.Janus(Room));
        Assert.Equal("/rooms/studio-1/mixer", Keys.Mixer(Room));
    }

    [Fact]
    public void The_applied_version_lies_outside_the_views()
    {
        Assert.Equal("/projections/rooms/studio-1", Keys.AppliedKey(Room));
        Assert.False(Keys.TryParse(Keys.AppliedKey(Room), out _, out _));
    }

    [Fact]
    public void Another_prefix_moves_every_key()
    {
        var keys = new ViewKeys("/test/r/");
        Assert.Equal(("/test/r/studio-1/meta", "/projections/test/r/studio-1"), (keys.Meta(Room), keys.AppliedKey(Room)));
    }

    [Theory]
    [InlineData("rooms/")]
    [InlineData("/rooms")]
    [InlineData("/")]
    [InlineData("")]
    public void A_prefix_that_would_meet_other_keys_is_refused(string prefix) => Assert.Throws<ArgumentException>(() => new ViewKeys(prefix));

    [Fact]
    public void Every_views_key_says_whose_it_is() => Assert.All(Enum.GetValues<ViewKind>(), kind =>
    {
        Assert.True(Keys.TryParse(Keys.Of(Room, kind), out var room, out var parsed));
        Assert.Equal((Room, kind), (room, parsed));
    });

    [Theory]
    [InlineData("/rooms/studio-1")]
    [InlineData("/rooms/studio-1/")]
    [InlineData("/rooms/studio-1/notes")]
    [InlineData("/rooms/studio-1/meta/old")]
    [InlineData("/rooms/studio 1/meta")]
    [InlineData("/rooms//meta")]
    [InlineData("/mixers/studio-1/meta")]
    public void Any_other_key_is_no_views(string key) => Assert.False(Keys.TryParse(key, out _, out _));

    [Fact]
    public void Modules_lie_at_the_contracts_keys()
    {
        Assert.Equal("/januses/janus-1/heartbeat", Januses.Heartbeat(Janus));
        Assert.Equal("/mixers/mixer-1/mark", new ModuleKeys(ModuleKeys.MixerPrefix).Mark(Mixer));
    }

    [Fact]
    public void The_applied_version_of_a_mark_lies_outside_the_modules()
    {
        Assert.Equal("/projections/januses/janus-1", Januses.AppliedKey(Janus));
        Assert.False(Januses.TryParse(Januses.AppliedKey(Janus), out _, out _));
    }

    [Theory]
    [InlineData("janus-j1", ModuleKind.Janus, "j1")]
    [InlineData("mixer-janus-1", ModuleKind.Mixer, "janus-1")]
    public void A_modules_stream_says_whose_it_is(string stream, ModuleKind kind, string id)
    {
        var module = new ModuleRef(kind, new ModuleId(id));
        Assert.Equal((stream, module), (StreamNames.Of(module), StreamNames.ModuleOf(stream)));
        Assert.True(StreamNames.IsKnown(stream));
    }

    [Theory]
    [InlineData("janus")]
    [InlineData("janus-")]
    [InlineData("janus-a b")]
    [InlineData("januses-a")]
    [InlineData("room-janus-1")]
    public void Any_other_stream_is_no_modules(string stream) => Assert.Null(StreamNames.ModuleOf(stream));

    [Fact]
    public void Every_modules_key_says_whose_it_is()
    {
        Assert.True(Januses.TryParse("/januses/janus-1/heartbeat", out var module, out var kind));
        Assert.Equal((Janus, ModuleKeyKind.Heartbeat), (module, kind));
        Assert.True(Januses.TryParse("/januses/janus-1/mark", out module, out kind));
        Assert.Equal((Janus, ModuleKeyKind.Mark), (module, kind));
    }

    [Theory]
    [InlineData("/januses/janus-1")]
    [InlineData("/januses/janus-1/")]
    [InlineData("/januses/janus.1/mark")]
    [InlineData("/mixers/janus-1/mark")]
    public void Any_other_key_is_no_modules(string key) => Assert.False(Januses.TryParse(key, out _, out _));
}
