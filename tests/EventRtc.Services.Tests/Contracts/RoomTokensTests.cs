using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class RoomTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId Room = new("studio-1");
    private static readonly UserId User = new(Guid.Parse("00000000-0000-4000-8000-00000000000a"));
    private static readonly JwtOptions Options = new() { Secret = "a secret of at least thirty-two bytes", Lifetime = TimeSpan.FromMinutes(10) };

    [Fact]
    public void A_members_token_says_who_may_do_what_where_and_until_when()
    {
        var claims = At(Now).Read(At(Now).ForMember(Room, User, Role.Host, Now));

        Assert.Equal(new Claims(Room, Now.ToUnixTimeSeconds(), Now.AddMinutes(10).ToUnixTimeSeconds(), User, Role.Host), claims);
    }

    [Fact]
    public void A_listeners_token_names_a_room_alone() =>
        Assert.Equal(new Claims(Room, Now.ToUnixTimeSeconds(), Now.AddMinutes(10).ToUnixTimeSeconds()), At(Now).Read(At(Now).ForListener(Room)));

    [Fact]
    public void One_admission_always_makes_the_same_token() =>
        Assert.Equal(At(Now).ForMember(Room, User, Role.Anchor, Now), At(Now.AddHours(3)).ForMember(Room, User, Role.Anchor, Now));

    [Fact]
    public void A_token_ends_with_its_admission_s_time()
    {
        var token = At(Now).ForMember(Room, User, Role.Anchor, Now);

        Assert.NotNull(At(Now.AddMinutes(10)).Read(token));
        Assert.Null(At(Now.AddMinutes(10) + Jwt.ClockSkew).Read(token));
    }

    [Fact]
    public void A_token_signed_with_another_secret_is_refused() =>
        Assert.Null(At(Now).Read(new RoomTokens(Options with { Secret = "another secret of at least thirty-two" }, new Stopped(Now)).ForListener(Room)));

    [Fact]
    public void While_the_secret_is_rotated_tokens_of_both_are_good_everywhere()
    {
        RoomTokens before = At(Now), rotated = new(new JwtOptions { Secret = new string('n', 32), PreviousSecret = Options.Secret }, new Stopped(Now)), after = new(new JwtOptions { Secret = new string('n', 32) }, new Stopped(Now));

        Assert.NotNull(rotated.Read(before.ForListener(Room)));
        Assert.NotNull(after.Read(rotated.ForListener(Room)));
        Assert.Equal(new TokenReading<Claims>.Bad(TokenFault.Invalid), after.Verify(before.ForListener(Room)));
    }

    public static TheoryData<object> OtherShapes =>
    [
        new { exp = long.MaxValue },
        new { roomID = "x", iat = 0, exp = 9_999_999_999 },
        new { roomID = 7, iat = 0, exp = 9_999_999_999 },
        new { roomID = "studio-1", exp = 9_999_999_999 },
        new { roomID = "studio-1", iat = 0, exp = 9_999_999_999, userID = "nobody" },
        new { roomID = "studio-1", iat = 0, exp = 9_999_999_999, role = "operator" },
        new { roomID = "studio-1", iat = 0, exp = 9_999_999_999, role = 0 },
    ];

    [Theory]
    [MemberData(nameof(OtherShapes))]
    public void A_well_signed_token_of_another_shape_is_refused(object claims) => Assert.Null(At(Now).Read(Jwt.Sign(claims, new JwtKey(Options.Secret))));

    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer  abc ", "abc")]
    [InlineData("Bearer ", null)]
    [InlineData("Basic abc", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    public void A_token_comes_in_the_Authorization_header(string header, string? token)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = header;

        Assert.Equal(token, RoomTokens.Bearer(http.Request));
    }

    private static RoomTokens At(DateTimeOffset time) => new(Options, new Stopped(time));

    private sealed class Stopped(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
