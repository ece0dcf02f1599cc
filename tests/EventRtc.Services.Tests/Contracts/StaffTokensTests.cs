using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class StaffTokensTests
{
    private static readonly JwtOptions Options = new() { Secret = new string('s', 32) };
    private readonly StaffTokens staff = new(Options, TimeProvider.System);
    private readonly RoomTokens rooms = new(Options, TimeProvider.System);

    [Theory]
    [InlineData(StaffRole.Operator, "operator:ann")]
    [InlineData(StaffRole.Auditor, "auditor:ann")]
    public void A_token_says_who_may_do_what(StaffRole role, string actor)
    {
        var claims = staff.Read(staff.For(role, "ann", TimeSpan.FromHours(8)))!;
        Assert.Equal((role, actor, 8 * 3600L), (claims.Role, claims.Actor, claims.Exp - claims.Iat));
    }

    [Fact]
    public void A_rooms_token_is_none_and_a_staff_token_opens_no_room()
    {
        Assert.Null(staff.Read(rooms.ForMember(new RoomId("lobby"), new UserId(Guid.NewGuid()), Role.Host, TimeProvider.System.GetUtcNow())));
        Assert.Null(staff.Read(rooms.ForListener(new RoomId("lobby"))));
        Assert.Null(rooms.Read(staff.For(StaffRole.Operator, "ann", TimeSpan.FromHours(1))));
    }

    [Fact]
    public void A_token_of_another_shape_of_another_secret_or_from_the_past_is_refused()
    {
        var (key, now) = (new JwtKey(Options.Secret), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Assert.NotNull(staff.Read(Jwt.Sign(new { role = "operator", name = "ann", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", name = "ann", iat = now, exp = now + 60, roomID = "lobby" }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "king", name = "ann", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = 1, name = "ann", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", name = "", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", name = "a\0b", iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", name = new string('a', 129), iat = now, exp = now + 60 }, key)));
        Assert.Null(staff.Read(Jwt.Sign(new { role = "operator", name = "ann", iat = now, exp = now - 60 }, key)));
        Assert.Null(staff.Read(new StaffTokens(new JwtOptions { Secret = new string('x', 32) }, TimeProvider.System).For(StaffRole.Operator, "ann", TimeSpan.FromHours(1))));
        Assert.Null(staff.Read("nonsense"));
        Assert.Null(staff.Read((string?)null));
    }
}
