using System.Text;
using System.Text.Json;
using EventRtc.JsonRpc;
using Xunit;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>In process: the specification's examples, and what its other sections demand.</summary>
public sealed class SpecificationTests : SpecificationExamples
{
    private readonly RpcMethods methods = SpecificationMethods.Create();

    [Theory]
    [InlineData("1")]
    [InlineData("-7.5e3")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"\"")]
    [InlineData("\"caf\\u00e9 \\ud800\"")]
    [InlineData("null")]
    public async Task An_id_comes_back_as_it_was_written(string id) =>
        Assert.EndsWith($"\"id\":{id}}}", await Dispatch($$"""{"jsonrpc":"2.0","method":"sum","params":[1],"id":{{id}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","id":true}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","id":[1]}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","id":{}}""", "null")]
    [InlineData("""{"jsonrpc":"1.0","method":"sum","id":7}""", "7")]
    [InlineData("""{"jsonrpc":2.0,"method":"sum","id":7}""", "7")]
    [InlineData("""{"method":"sum","id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":null,"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"\ud800","id":7}""", "null")]
    [InlineData("""{"jsonrpc":"\ud800","method":"sum","id":7}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","\ud800name":"sum","id":7}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":null,"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":3,"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":"bar"}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","result":1,"error":{"code":1,"message":"m"},"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","error":"no","id":7}""", "7")]
    [InlineData("\"text\"", "null")]
    [InlineData("null", "null")]
    [InlineData("true", "null")]
    public async Task What_is_no_request_is_32600_with_the_id_it_had(string request, string id)
    {
        var answer = await Dispatch(request);
        Assert.Equal(-32600, CodeOf(answer!));
        Assert.EndsWith($"\"id\":{id}}}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"jsonrpc\":\"2.0\",}")]
    [InlineData("// comment\n{}")]
    [InlineData("\u0000")]
    [InlineData("NaN")]
    public async Task What_is_no_JSON_is_32700(string request) => Assert.Equal(-32700, CodeOf((await Dispatch(request))!));

    [Fact]
    public async Task Invalid_UTF_8_and_bottomless_nesting_are_32700()
    {
        Assert.Equal(-32700, CodeOf(Text(await methods.Dispatch([0x22, 0xC3, 0x28, 0x22], Caller))!));
        Assert.Equal(-32700, CodeOf((await Dispatch(new string('[', 100_000)))!));
    }

    [Theory]
    [InlineData("""{"minuend": 1}""")]
    [InlineData("""{"minuend": 1, "subtrahend": "2"}""")]
    [InlineData("""{"minuend": 1, "subtrahend": null}""")]
    [InlineData("[1]")]
    [InlineData("[1,2,3]")]
    [InlineData("[1,\"2\"]")]
    [InlineData("""{"minuend": 1, "subtrahend": 99999999999}""")]
    public async Task Params_that_do_not_fit_are_32602(string given)
    {
        var answer = await Dispatch($$"""{"jsonrpc":"2.0","method":"subtract","params":{{given}},"id":1}""");
        Assert.Equal(-32602, CodeOf(answer!));
        Assert.Contains("Expected minuend, subtrahend.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Absent_params_that_are_needed_are_32602() =>
        Assert.Equal(-32602, CodeOf((await Dispatch("""{"jsonrpc":"2.0","method":"subtract","id":1}"""))!));

    [Theory]
    [InlineData("subtract", """["\ud800",1]""")]
    [InlineData("greet", """["\ud800"]""")]
    [InlineData("greet", """{"name":"\ud800"}""")]
    public async Task Half_a_surrogate_pair_does_not_fit_text(string method, string given) =>
        Assert.Equal(-32602, CodeOf((await Dispatch($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{given}},"id":1}"""))!));

    [Theory]
    [InlineData("crash")]
    [InlineData("unwritable")]
    public async Task A_fault_of_ours_is_32603_and_shows_nothing_of_the_exception(string method)
    {
        var answer = await Dispatch($$"""{"jsonrpc":"2.0","method":"{{method}}","id":1}""");
        Assert.Equal(-32603, CodeOf(answer!));
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        Assert.Null(await Dispatch($$"""{"jsonrpc":"2.0","method":"{{method}}"}"""));
    }

    [Theory]
    [InlineData("late")]
    [InlineData("away")]
    public async Task A_failure_that_passes_is_32050_and_retryable(string method) => AssertSame(
        """{"jsonrpc":"2.0","error":{"code":-32050,"message":"A part of the system is away","data":{"code":"unavailable","retryable":true}},"id":1}""",
        await Dispatch($$"""{"jsonrpc":"2.0","method":"{{method}}","id":1}"""),
        withData: true);

    [Fact]
    public async Task A_refusal_travels_with_its_data() => AssertSame(
        """{"jsonrpc":"2.0","error":{"code":-32009,"message":"The room is full.","data":{"code":"room_full","retryable":true,"retryAfterMs":500}},"id":1}""",
        await Dispatch("""{"jsonrpc":"2.0","method":"full","id":1}"""),
        withData: true);

    [Fact]
    public void Reserved_names_cannot_be_served() =>
        Assert.Throws<ArgumentException>(() => methods.On<SpecificationMethods.Nothing>("rpc.discover", (_, _, _) => Task.CompletedTask));

    protected override Task<string?> Ask(string request) => Dispatch(request);

    private static RpcContext Caller => new("test", Guid.Empty);

    private async Task<string?> Dispatch(string request) => Text(await methods.Dispatch(Encoding.UTF8.GetBytes(request), Caller));

    private static string? Text(byte[]? utf8) => utf8 is null ? null : Encoding.UTF8.GetString(utf8);

    private static int CodeOf(string answer) => JsonDocument.Parse(answer).RootElement.GetProperty("error").GetProperty("code").GetInt32();
}
