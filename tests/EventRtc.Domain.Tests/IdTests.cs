using System.Text.Json;

namespace EventRtc.Domain.Tests;

public sealed class IdTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("A-b_9")]
    [InlineData("12345678901234567890123456789012")]
    public void A_room_id_has_3_to_32_letters(string text)
    {
        Assert.True(RoomId.TryParse(text, out var room));
        Assert.Equal((text, text), (room.Value, room.ToString()));
        Assert.Equal(room, RoomId.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("123456789012345678901234567890123")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("abé")]
    [InlineData("abc\n")]
    public void Any_other_text_is_no_room_id(string? text)
    {
        Assert.False(RoomId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new RoomId(text!));
    }

    [Fact]
    public void Room_ids_differ_by_case() => Assert.NotEqual(new RoomId("abc"), new RoomId("ABC"));

    [Fact]
    public void A_module_id_has_1_to_63_letters()
    {
        Assert.True(ModuleId.TryParse("j", out _));
        Assert.True(ModuleId.TryParse(new string('j', 63), out _));
        Assert.False(ModuleId.TryParse("", out _));
        Assert.False(ModuleId.TryParse(new string('j', 64), out _));
        Assert.False(ModuleId.TryParse("j.1", out _));
        Assert.Throws<FormatException>(() => new ModuleId("j/1"));
    }

    [Fact]
    public void A_user_id_is_a_uuid_in_lower_case()
    {
        Assert.True(UserId.TryParse("0B1E7A52-6F9E-4C3B-9D52-5A3C8B1F0E77", out var user));
        Assert.Equal("0b1e7a52-6f9e-4c3b-9d52-5a3c8b1f0e77", user.Value);
        Assert.Equal(user, new UserId(Guid.Parse(user.Value)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ann")]
    [InlineData("0b1e7a526f9e4c3b9d525a3c8b1f0e77")]
    [InlineData("{0b1e7a52-6f9e-4c3b-9d52-5a3c8b1f0e77}")]
    [InlineData(" 0b1e7a52-6f9e-4c3b-9d52-5a3c8b1f0e77")]
    [InlineData("0b1e7a52-6f9e-4c3b-9d52-5a3c8b1f0e7 ")]
    public void Any_other_text_is_no_user_id(string? text)
    {
        Assert.False(UserId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new UserId(text!));
    }

    [Fact]
    public void Ids_are_plain_strings_in_json_whatever_the_options()
    {
        Assert.Equal("\"abc\"", JsonSerializer.Serialize(new RoomId("abc")));
        Assert.Equal(new ModuleId("j1"), JsonSerializer.Deserialize<ModuleId>("\"j1\""));
        var roles = new Dictionary<RoomId, Role> { [new("abc")] = Role.Host };
        Assert.Equal("""{"abc":"host"}""", JsonSerializer.Serialize(roles));
        Assert.Equal(roles, JsonSerializer.Deserialize<Dictionary<RoomId, Role>>("""{"abc":"host"}"""));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"a\"")]
    [InlineData("{}")]
    public void What_is_no_id_is_refused_in_json(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RoomId>(json));

    [Theory]
    [InlineData("1")]
    [InlineData("\"owner\"")]
    public void What_is_no_role_is_refused_in_json(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Role>(json));
}
